import type { JSX } from 'preact';

interface ButtonProps extends JSX.ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: 'primary' | 'danger' | 'plain';
  small?: boolean;
}

export function Button({ kind, small, type = 'button', class: extra, ...rest }: ButtonProps) {
  return (
    <button {...rest} type={type} class={extra ? `button ${String(extra)}` : 'button'} data-kind={kind}
      data-size={small ? 'small' : undefined} />
  );
}
