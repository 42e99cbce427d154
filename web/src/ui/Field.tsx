// A label, its control, a hint and what is wrong with it, tied together for screen readers.
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

interface Common {
  label: string;
  hint?: string;
  error?: string | null;
}

type InputProps = Common & Omit<JSX.InputHTMLAttributes<HTMLInputElement>, 'label'>;
type TextareaProps = Common & Omit<JSX.TextareaHTMLAttributes<HTMLTextAreaElement>, 'label'>;
type SelectProps = Common & Omit<JSX.SelectHTMLAttributes<HTMLSelectElement>, 'label'>;

function useDescribed({ label, hint, error }: Common, idGiven?: string) {
  const made = useId();
  const id = idGiven ?? made;
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;
  const control = { id, 'aria-describedby': described, 'aria-invalid': error ? (true as const) : undefined };
  const wrap = (children: JSX.Element) => (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      {hint && <div id={`${id}-hint`} class="small muted">{hint}</div>}
      {error && <div id={`${id}-error`} class="field-error" role="alert">{error}</div>}
    </div>
  );
  return { control, wrap };
}

export function Field({ label, hint, error, ...input }: InputProps) {
  const { control, wrap } = useDescribed({ label, hint, error }, input.id as string | undefined);
  return wrap(<input class="input" {...input} {...control} />);
}

export function TextArea({ label, hint, error, ...input }: TextareaProps) {
  const { control, wrap } = useDescribed({ label, hint, error }, input.id as string | undefined);
  return wrap(<textarea class="input" {...input} {...control} />);
}

export function Select({ label, hint, error, ...input }: SelectProps) {
  const { control, wrap } = useDescribed({ label, hint, error }, input.id as string | undefined);
  return wrap(<select class="input" {...input} {...control} />);
}

interface ChoiceProps extends Omit<JSX.InputHTMLAttributes<HTMLInputElement>, 'label' | 'type'> {
  type?: 'checkbox' | 'radio';
  label: string;
  hint?: string;
}

/** A checkbox or radio button with its text. */
export function Choice({ type = 'checkbox', label, hint, ...input }: ChoiceProps) {
  return (
    <label class="choice">
      <input type={type} {...input} />
      <span>
        {label}
        {hint && <span class="small muted"> {hint}</span>}
      </span>
    </label>
  );
}
