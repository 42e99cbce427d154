// The curve as a chart. A chunk of its own: uPlot comes only to those who look at a review.
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export interface PlotOptions {
  language: string;
  /** The point under the pointer; null when there is none. */
  onPoint(index: number | null): void;
}

const height = 240;
const wholeSteps = [1, 10, 100, 1000, 10_000, 100_000].flatMap((n) => [n, 2 * n, 5 * n]); // there are no halves of people

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** The time axis: how it is written, and the room that a label needs. */
function timeAxis(times: readonly number[], language: string) {
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
  const fine = span < 300 ? { second: '2-digit' } as const : {};
  const coarse = span > 86_400 ? { day: 'numeric', month: 'short' } as const : {};
  const format = new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit', ...fine, ...coarse });
  return { space: span > 86_400 ? 150 : 90, values: (_: uPlot, splits: number[]) => splits.map((second) => format.format(second * 1000)) };
}

function optionsOf(width: number, times: readonly number[], { language, onPoint }: PlotOptions): uPlot.Options {
  const number = new Intl.NumberFormat(language);
  const axis: uPlot.Axis = {
    stroke: token('ink-2'), font: `12px ${token('font')}`, grid: { stroke: token('line'), width: 1 }, ticks: { stroke: token('line'), width: 1 },
  };
  return {
    width, height,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 8 } },
    scales: { y: { range: (_, __, high) => [0, Math.max(1, Math.ceil(high * 1.1))] } },
    axes: [
      { ...axis, size: 32, ...timeAxis(times, language) },
      { ...axis, size: 48, incrs: wholeSteps, values: (_, splits) => splits.map((n) => number.format(n)) },
    ],
    series: [{}, { stroke: token('accent-text'), fill: token('accent-soft'), width: 2, points: { show: times.length < 3 } }],
    hooks: { setCursor: [(plot) => onPoint(plot.cursor.idx ?? null)] },
  };
}

/** Draws into `host` and keeps up with its width and the colour scheme, until the returned function is called. */
export function drawCurve(host: HTMLElement, data: [number[], number[]], options: PlotOptions): () => void {
  let plot: uPlot | null = null;
  const draw = () => {
    plot?.destroy();
    plot = new uPlot(optionsOf(host.clientWidth, data[0], options), data, host);
  };
  draw();
  const sizes = new ResizeObserver(() => {
    if (plot && plot.width !== host.clientWidth) plot.setSize({ width: host.clientWidth, height });
  });
  sizes.observe(host);
  const chosen = new MutationObserver(draw);
  chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', draw);
  return () => {
    sizes.disconnect();
    chosen.disconnect();
    scheme.removeEventListener('change', draw);
    plot?.destroy();
  };
}
