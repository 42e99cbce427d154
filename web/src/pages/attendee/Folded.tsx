// A long text, folded to a few lines until the reader wants all of it. Short ones have no button.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n';

export function Folded({ id, children }: { id?: string; children: ComponentChildren }) {
  const ref = useRef<HTMLDivElement>(null);
  const [cut, setCut] = useState(false);
  const [all, setAll] = useState(false);
  useLayoutEffect(() => {
    const { scrollHeight, clientHeight } = ref.current!;
    if (!all) setCut(scrollHeight > clientHeight + 2);
  }, [children, all]);
  return (
    <div>
      <div class="folded" id={id} ref={ref} data-all={all || undefined}>{children}</div>
      {(cut || all) && (
        <button type="button" class="fold-button" aria-expanded={all} onClick={() => setAll(!all)}>
          {t(all ? 'list.fold' : 'list.unfold')}
        </button>
      )}
    </div>
  );
}
