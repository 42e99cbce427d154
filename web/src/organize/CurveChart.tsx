// How many people were here over time: a chart, what it shows in words, and its numbers as a table.
import { useEffect, useRef, useState } from 'preact/hooks';
import { language } from '../i18n';
import { t } from '../i18n/organize';
import { formatNumber, plotData, thinCurve, type Curve } from './figures';
import { DataTable, type Column } from './parts';
import { momentFormat } from './time';

const rows = 60;

interface ChartProps {
  curve: Curve;
  label: string;
  timeOf(ms: number): string;
}

function Chart({ curve, label, timeOf }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState(false);
  const [point, setPoint] = useState<number | null>(null);
  const data = plotData(curve);
  const key = JSON.stringify(curve);
  useEffect(() => {
    let stop: (() => void) | null = null;
    let current = true;
    import('./plot').then(({ drawCurve }) => {
      if (current) stop = drawCurve(host.current!, data, { language: language.value, onPoint: setPoint });
    }).catch(() => setFailed(true));
    return () => {
      current = false;
      stop?.();
    };
  }, [key, language.value]);
  if (failed) return <p class="note" data-tone="warn">{t('review.curve_failed')}</p>;
  const [time, here] = point === null ? [] : [data[0][point], data[1][point]];
  return (
    <>
      <div class="plot" ref={host} role="img" aria-label={label} />
      <p class="plot-point small muted" aria-hidden="true">
        {time !== undefined && here !== undefined && t('review.curve_point', { time: timeOf(time * 1000), n: here })}
      </p>
    </>
  );
}

export function CurveChart({ curve, peak }: { curve: Curve; peak: number }) {
  if (curve.length < 2) return <p class="muted">{t('review.curve_empty')}</p>;
  const timeOf = momentFormat(curve.map(([ms]) => ms), language.value);
  const [first, last] = [curve[0]![0], curve.at(-1)![0]];
  const columns: Column<Curve[number]>[] = [
    { key: 'time', label: 'review.curve_time', cell: ([ms]) => timeOf(ms) },
    { key: 'here', label: 'review.curve_here', number: true, cell: ([, here]) => formatNumber(here, language.value) },
  ];
  return (
    <div class="stack-s">
      <h3>{t('review.curve')}</h3>
      <Chart curve={curve} timeOf={timeOf} label={t('review.curve_text', { peak, first: timeOf(first), last: timeOf(last) })} />
      <details class="folded">
        <summary>{t('review.curve_table')}</summary>
        <DataTable caption={t('review.curve')} columns={columns} rows={thinCurve(curve, rows)} rowKey={([ms]) => ms} />
      </details>
    </div>
  );
}
