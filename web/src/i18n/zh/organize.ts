import { en } from '../en/organize';
export const zh = en;
