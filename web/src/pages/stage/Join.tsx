// How to get in, readable from the last row at any moment: QR code, address, code in two groups.
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

/** A long address breaks before its path, then after its dots. */
function Breakable({ host, path }: { host: string; path: string }) {
  const parts = host.split('.');
  return (
    <>
      {parts.map((part, i) => <Fragment key={i}>{part}{i < parts.length - 1 && <>.<wbr /></>}</Fragment>)}
      <wbr />{path}
    </>
  );
}

export function Join({ code, purpose }: { code: string; purpose: Purpose }) {
  const box = useRef<HTMLParagraphElement>(null);
  const address = addressOf(code);
  useFit(box, address, { max: 2.6, min: 0.9, calm: 1.3 });
  return (
    <aside class="hall-join" aria-label={t('stage.join')}>
      <p class="hall-scan">{t(`stage.scan.${purpose}`)}</p>
      <Qr url={`${location.origin}/s/${code}`} address={address} />
      <div class="hall-address">
        <p class="hall-label">{t('stage.or')}</p>
        <p class="hall-host" ref={box}><Breakable host={location.host} path={`/s/${code}`} /></p>
      </div>
      <div>
        <p class="hall-label">{t('stage.code')}</p>
        <p class="hall-code">{spelled(code)}</p>
      </div>
    </aside>
  );
}
