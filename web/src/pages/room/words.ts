// The server's words in the reader's language.
import { t } from '../../i18n';
import type { Refusal } from '../../net/protocol.gen';

export function refusalText(refusal: Refusal, detail: number): string {
  if (refusal === 'none') return '';
  return t(`refusal.${refusal}`, { n: refusal === 'too_fast' ? Math.ceil(detail / 1000) : detail });
}
