// Choices from a row: stars, and a number from 0 to 10. Radio buttons underneath, so arrow keys and screen readers just work;
// a choice can be taken back.
import { useId, useRef } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { t } from '../../i18n';

interface RatingProps {
  kind: 'stars' | 'scale';
  legend: string;
  values: readonly number[];
  value: number;
  /** Stands for "no choice". */
  none: number;
  name(value: number): string;
  onChange(value: number): void;
  children?: ComponentChildren;
}

function Star() {
  return (
    <svg viewBox="0 0 24 24" width="34" height="34" aria-hidden="true">
      <path d="m12 2.6 2.9 5.9 6.5.9-4.7 4.6 1.1 6.5-5.8-3-5.8 3 1.1-6.5L2.6 9.4l6.5-.9z" />
    </svg>
  );
}

export function Rating({ kind, legend, values, value, none, name, onChange, children }: RatingProps) {
  const group = useId();
  const field = useRef<HTMLFieldSetElement>(null);
  const clear = () => {
    field.current?.querySelector('input')?.focus();
    onChange(none);
  };
  return (
    <div class="rating">
      <fieldset ref={field}>
        <legend class="legend">{legend}</legend>
        <div class="rating-row" data-kind={kind}>
          {values.map((of) => (
            <label key={of} class="rating-item" data-on={(kind === 'stars' ? of <= value : of === value) || undefined}>
              <input class="sr-only" type="radio" name={group} value={of} checked={of === value} aria-label={name(of)}
                onChange={() => onChange(of)} />
              {kind === 'stars' ? <Star /> : <span aria-hidden="true">{of}</span>}
            </label>
          ))}
        </div>
        {children}
      </fieldset>
      {value !== none && (
        <button type="button" class="fold-button rating-clear" aria-label={t('feedback.clear.of', { legend })} onClick={clear}>
          {t('feedback.clear')}
        </button>
      )}
    </div>
  );
}
