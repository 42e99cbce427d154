// Where things are on the screen, as far as a style sheet cannot say it.
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/**
 * The box at the bottom edge tells the page how far up it reaches, so that notices and what has the focus stay clear of it;
 * and it stays above an on-screen keyboard that covers the page instead of shrinking it.
 */
export function useDock(ref: RefObject<HTMLElement>): void {
  useEffect(() => {
    const root = document.documentElement.style;
    const view = window.visualViewport;
    let dock = 0;
    const measure = () => {
      const now = Math.round(innerHeight - ref.current!.getBoundingClientRect().top);
      if (now !== dock) root.setProperty('--dock', `${now}px`);
      dock = now;
    };
    const resized = new ResizeObserver(measure);
    resized.observe(ref.current!);
    addEventListener('scroll', measure, { passive: true });
    const lift = () => {
      const typing = ref.current!.contains(document.activeElement);
      const covered = view && typing && view.scale < 1.05 ? Math.round(innerHeight - view.height - view.offsetTop) : 0;
      root.setProperty('--keyboard', `${covered > 60 ? covered : 0}px`);
    };
    view?.addEventListener('resize', lift);
    view?.addEventListener('scroll', lift);
    return () => {
      resized.disconnect();
      removeEventListener('scroll', measure);
      view?.removeEventListener('resize', lift);
      view?.removeEventListener('scroll', lift);
      root.removeProperty('--dock');
      root.removeProperty('--keyboard');
    };
  }, []);
}

const touchMs = 8000;
const touches = ['pointerdown', 'pointermove', 'wheel', 'keydown'] as const;

/**
 * Something above the lists (the question on stage, a note) has come, gone or grown: the lists stay where they are under the
 * reader's finger, and the page scrolls by the difference instead. At the top of the page only while the lists are being
 * touched: otherwise what is new up there should be seen.
 */
export function useSteady(above: RefObject<HTMLElement>, below: string): void {
  useEffect(() => {
    // Browsers with scroll anchoring do it by themselves, but not at the top.
    const anchored = CSS.supports('overflow-anchor', 'auto');
    let height = above.current!.offsetHeight;
    let touched = 0;
    const touch = (event: Event) => {
      if ((event.target as Element).closest?.(below)) touched = Date.now();
    };
    const resized = new ResizeObserver(() => {
      const grown = above.current!.offsetHeight - height;
      height += grown;
      // What the reader does up there is not ours to undo.
      const own = above.current!.contains(document.activeElement);
      const held = scrollY > 0 ? !anchored : Date.now() - touched < touchMs;
      if (grown !== 0 && held && !own) scrollBy({ top: grown, behavior: 'instant' });
    });
    resized.observe(above.current!);
    for (const kind of touches) addEventListener(kind, touch, { passive: true });
    return () => {
      resized.disconnect();
      for (const kind of touches) removeEventListener(kind, touch);
    };
  }, []);
}
