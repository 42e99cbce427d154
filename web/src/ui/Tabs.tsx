// Tabs with arrow keys, as the ARIA practices describe them; the panel is the caller's.
import { useRef } from 'preact/hooks';

export interface TabItem<K extends string> {
  key: K;
  label: string;
  count?: string;
}

interface TabsProps<K extends string> {
  label: string;
  items: readonly TabItem<K>[];
  selected: K;
  panelId: string;
  onSelect(key: K): void;
}

export function Tabs<K extends string>({ label, items, selected, panelId, onSelect }: TabsProps<K>) {
  const list = useRef<HTMLDivElement>(null);
  const go = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = items.findIndex((item) => item.key === selected);
    const next = (at + step + items.length) % items.length;
    onSelect(items[next]!.key);
    (list.current?.children[next] as HTMLElement | undefined)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={go}>
      {items.map((item) => (
        <button key={item.key} id={`${panelId}-${item.key}`} class="tab" type="button" role="tab"
          aria-selected={item.key === selected} aria-controls={panelId} tabIndex={item.key === selected ? 0 : -1}
          onClick={() => onSelect(item.key)}>
          {item.label}
          {item.count && <span class="tab-count">{item.count}</span>}
        </button>
      ))}
    </div>
  );
}
