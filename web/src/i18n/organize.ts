// The organizer's messages: loaded with the organizer's pages only.
import { messagesOf } from './index';
import { en } from './en/organize';

export const t = messagesOf(en, { 'zh-CN': async () => (await import('./zh/organize')).zh });
export type OrganizeKey = keyof typeof en;
