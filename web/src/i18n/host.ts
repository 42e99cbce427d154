// The host's messages: loaded with the host's page only.
import { messagesOf } from './index';
import { en } from './en/host';

export const t = messagesOf(en, { 'zh-CN': async () => (await import('./zh/host')).zh });
export type HostKey = keyof typeof en;
