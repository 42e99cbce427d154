// A text as large as its box allows: the size is searched by measuring, because only the browser knows how a script
// breaks into lines. Above `calm` words stay whole; below, anything may break (a long address must not decide the size).
import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

export interface FitRange {
  /** In stage units (--u). */
  max: number;
  min: number;
  calm: number;
}

/** The largest size between `min` and `max` that fits; `min` when none does. Pure. */
export function largestFit(min: number, max: number, step: number, fits: (size: number) => boolean): number {
  if (fits(max)) return max;
  let low = min;
  let high = max;
  while (high - low > step) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

function fit(box: HTMLElement, { max, min, calm }: FitRange): void {
  const trySize = (size: number) => {
    box.style.setProperty('--fit', String(size));
    box.style.setProperty('overflow-wrap', size > calm ? 'normal' : 'anywhere');
  };
  const size = largestFit(min, max, 0.02, (candidate) => {
    trySize(candidate);
    return box.scrollHeight <= box.clientHeight && box.scrollWidth <= box.clientWidth;
  });
  trySize(size);
}

/** Fits `ref`'s content now, and again whenever `text` or the size of the window changes. */
export function useFit(ref: RefObject<HTMLElement>, text: string, range: FitRange): void {
  const { max, min, calm } = range;
  useLayoutEffect(() => {
    const box = ref.current;
    if (!box) return;
    fit(box, { max, min, calm });
    // The parent's size, not the box's own: that one may follow from the fit.
    const observer = new ResizeObserver(() => fit(box, { max, min, calm }));
    observer.observe(box.parentElement!);
    return () => observer.disconnect();
  }, [text, max, min, calm]);
}
