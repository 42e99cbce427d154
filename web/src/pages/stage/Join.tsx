// How to get in, readable from the last row at any moment: QR code, or the server's address and the code to type there.
import { Fragment } from 'preact';
import { useRef } from 'preact/hooks';
import { t } from '../../i18n/hall';
import { spelled } from '../../state/code';
import { useFit } from './fit';
import { Qr } from './Qr';
import type { Purpose } from './scene';

/** Without the scheme: nobody types it. */
export function addressOf(code: string): string {
  return `${location.host}/s/${code}`;
}

/** A long address breaks after its dots. */
function Breakable({ host }: { host: string }) {
  const parts = host.split('.');
  return <>{parts.map((part, i) => <Fragment key={i}>{part}{i < parts.length - 1 && <>.<wbr /></>}</Fragment>)}</>;
}

export function Join({ code, purpose }: { code: string; purpose: Purpose }) {
  const box = useRef<HTMLParagraphElement>(null);
  useFit(box, location.host, { max: 2.6, min: 0.9, calm: 1.3 });
  return (
    <aside class="hall-join" aria-label={t('stage.join')}>
      <p class="hall-scan">{t(`stage.scan.${purpose}`)}</p>
      <Qr url={`${location.origin}/s/${code}`} address={addressOf(code)} />
      <div class="hall-address">
        <p class="hall-label">{t('stage.or')}</p>
        <p class="hall-host" ref={box}><Breakable host={location.host} /></p>
      </div>
      <div>
        <p class="hall-label">{t('stage.code')}</p>
        <p class="hall-code">{spelled(code)}</p>
      </div>
    </aside>
  );
}
