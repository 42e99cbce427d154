// Printing.
import { useEffect } from 'preact/hooks';

/** Paper is white: the page is light while it is printed, the chart too. */
export function useLightPrint() {
  useEffect(() => {
    const { dataset } = document.documentElement;
    let before: string | undefined;
    const start = () => {
      before = dataset.theme;
      dataset.theme = 'light';
    };
    const end = () => {
      if (before === undefined) delete dataset.theme;
      else dataset.theme = before;
    };
    addEventListener('beforeprint', start);
    addEventListener('afterprint', end);
    return () => {
      removeEventListener('beforeprint', start);
      removeEventListener('afterprint', end);
    };
  }, []);
}
