// The QR code of one address, to show, save or print.
import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n/organize';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { Loading } from '../ui/Loading';
import { showToast } from '../ui/Toast';
import { encodeQr, pathOf, saveQr, sideOf, type Matrix } from '../ui/qr';

interface QrDialogProps {
  title: string;
  url: string;
  /** Of the file that is saved. */
  name: string;
  onClose(): void;
}

function Picture({ matrix, url }: { matrix: Matrix; url: string }) {
  const side = sideOf(matrix);
  return (
    <svg class="qr" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={t('page.qr_alt', { url })} shape-rendering="crispEdges">
      <rect class="qr-ground" width={side} height={side} />
      <path class="qr-ink" d={pathOf(matrix)} />
    </svg>
  );
}

export function QrDialog({ title, url, name, onClose }: QrDialogProps) {
  const [matrix, setMatrix] = useState<Matrix | 'failed' | null>(null);
  useEffect(() => {
    let current = true;
    encodeQr(url).then((made) => current && setMatrix(made), () => current && setMatrix('failed'));
    return () => { current = false; };
  }, [url]);
  const save = (kind: 'png' | 'svg') => {
    if (Array.isArray(matrix)) saveQr(matrix as Matrix, kind, name).catch(() => showToast(t('page.qr_failed')));
  };
  return (
    <Dialog title={title} onClose={onClose}>
      {matrix === null && <Loading />}
      {matrix === 'failed' && <p class="note" data-tone="bad" role="alert">{t('page.qr_failed')}</p>}
      {Array.isArray(matrix) && <Picture matrix={matrix as Matrix} url={url} />}
      <p class="address">{url}</p>
      <div class="dialog-actions no-print">
        <Button onClick={() => print()}>{t('print')}</Button>
        <Button onClick={() => save('svg')}>SVG</Button>
        <Button onClick={() => save('png')}>PNG</Button>
        <Button kind="primary" onClick={onClose}>{t('close')}</Button>
      </div>
    </Dialog>
  );
}
