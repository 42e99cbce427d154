// The QR code as one SVG path: always dark on light with its quiet zone, whatever the colours around it. The encoder is
// loaded on demand; until it is there the light square holds the place.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../../i18n/hall';
import { encodeQr, pathOf, sideOf, type Matrix } from '../../ui/qr';

export function Qr({ url, address }: { url: string; address: string }) {
  const matrix = useSignal<Matrix>([]);
  useEffect(() => {
    let current = true;
    // Should it fail: the address and the code beside it still say how to join.
    encodeQr(url).then((made) => { if (current) matrix.value = made; }, () => undefined);
    return () => { current = false; };
  }, [url]);
  const side = sideOf(matrix.value);
  return (
    <div class="hall-qr">
      <svg viewBox={`0 0 ${side} ${side}`} role="img" aria-label={t('stage.qr', { address })} shape-rendering="crispEdges">
        <rect width={side} height={side} fill="#fff" />
        <path d={pathOf(matrix.value)} fill="#000" />
      </svg>
    </div>
  );
}
