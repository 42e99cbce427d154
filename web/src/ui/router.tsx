// Addresses without reloads: one signal holds the address, links and navigate() change it.
import { signal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';

export const address = signal(new URL(location.href));

addEventListener('popstate', () => {
  address.value = new URL(location.href);
});

export function navigate(to: string, options: { replace?: boolean } = {}): void {
  const next = new URL(to, location.href);
  if (next.href !== address.value.href) {
    if (options.replace) history.replaceState(null, '', next);
    else history.pushState(null, '', next);
  }
  const samePage = next.pathname === address.value.pathname;
  address.value = next;
  if (!samePage) scrollTo(0, 0);
}

interface LinkProps extends Omit<JSX.HTMLAttributes<HTMLAnchorElement>, 'href'> {
  href: string;
  children: ComponentChildren;
}

/** An ordinary link that stays within the page when it is clicked plainly. */
export function Link({ href, children, ...rest }: LinkProps) {
  const onClick = (event: MouseEvent) => {
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!plain || event.defaultPrevented) return;
    event.preventDefault();
    navigate(href);
  };
  return <a {...rest} href={href} onClick={onClick}>{children}</a>;
}
