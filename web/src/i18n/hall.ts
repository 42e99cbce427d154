// The messages of the stage and the speaker page: loaded with these pages only.
import { messagesOf } from './index';
import { en } from './en/hall';

export const t = messagesOf(en, { 'zh-CN': async () => (await import('./zh/hall')).zh });
export type HallKey = keyof typeof en;
