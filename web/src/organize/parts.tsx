// Small things that the organizer's pages share.
import type { ComponentChildren, Ref, RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t, type OrganizeKey } from '../i18n/organize';
import { ApiError } from '../net/api';
import type { SessionState } from '../net/protocol.gen';
import { Button } from '../ui/Button';
import { copyText } from '../ui/copy';
import { Link } from '../ui/router';
import { showToast } from '../ui/Toast';
import { problemOf, type Problem } from './problems';

export function say(problem: Problem): string {
  return t(problem.key, problem.params);
}

interface ProblemNoteProps {
  error: unknown;
  retry?: () => void;
  /** Other words for an answer than the usual ones. */
  texts?: Partial<Record<string, OrganizeKey>>;
}

/** What went wrong. An expired login is mended in another tab, so that what was typed stays in this one. */
export function ProblemNote({ error, retry, texts }: ProblemNoteProps) {
  const word = error instanceof ApiError ? error.error : '';
  return (
    <div class="note stack-s" data-tone="bad" role="alert">
      <p>{texts?.[word] ? t(texts[word]) : say(problemOf(error))}</p>
      {word === 'sign_in' && <p><a href="/sign-in" target="_blank">{t('sign_in.new_tab')}</a></p>}
      {retry && <div><Button small onClick={retry}>{t('retry')}</Button></div>}
    </div>
  );
}

/** Nothing is at this address, or it is not for this account. */
export function NotFound() {
  return (
    <div class="empty">
      <h1>{t('not_found_title')}</h1>
      <p>{t('not_found')}</p>
      <Link href="/organize">{t('to_events')}</Link>
    </div>
  );
}

export function Card({ title, lead, children, actions, focus }: {
  title: string; lead?: string; children?: ComponentChildren; actions?: ComponentChildren;
  /** The title, for focus that has lost its place. */
  focus?: Ref<HTMLHeadingElement>;
}) {
  return (
    <section class="card stack">
      <div class="spread">
        <h2 ref={focus} tabIndex={focus ? -1 : undefined}>{title}</h2>
        {actions}
      </div>
      {lead && <p class="muted">{lead}</p>}
      {children}
    </section>
  );
}

const tones: Readonly<Record<SessionState, string | undefined>> = {
  draft: undefined, scheduled: 'accent', live: 'good', paused: 'warn', ended: undefined, archived: undefined,
};

export function StateBadge({ state }: { state: SessionState }) {
  return <span class="badge" data-tone={tones[state]}>{t(`state.${state}`)}</span>;
}

export interface Crumb {
  text: string;
  href?: string;
}

export function Path({ crumbs }: { crumbs: readonly Crumb[] }) {
  return (
    <nav class="path small" aria-label={t('path')}>
      <ol>
        {crumbs.map(({ text, href }, i) => (
          <li key={i}>{href ? <Link href={href}>{text}</Link> : <span aria-current="page">{text}</span>}</li>
        ))}
      </ol>
    </nav>
  );
}

/** Around the button that opens something: the button gets the focus back when that is closed. */
export function useOpener(open: boolean): RefObject<HTMLDivElement> {
  const around = useRef<HTMLDivElement>(null);
  const before = useRef(open);
  useEffect(() => {
    if (before.current && !open) around.current?.querySelector('button')?.focus();
    before.current = open;
  }, [open]);
  return around;
}

/** A long list by parts: how many items are shown, the buttons for more, and the place of the list. */
export function useParts(all: number, size: number) {
  const [wanted, setWanted] = useState(size);
  const list = useRef<HTMLDivElement>(null);
  const next = useRef<number | null>(null);
  const shown = Math.min(all, wanted);
  const show = (count: number) => {
    next.current = shown;
    setWanted(count);
  };
  useEffect(() => {
    if (next.current === null) return;
    // Reading goes on at the first new item; its button may be gone.
    const item = list.current?.querySelectorAll<HTMLElement>('tbody > tr, li')[next.current];
    next.current = null;
    item?.setAttribute('tabindex', '-1');
    item?.focus({ preventScroll: true });
  }, [wanted]);
  const more = shown < all && (
    <div class="row no-print">
      <Button onClick={() => show(shown + size)}>{t('more', { n: Math.min(size, all - shown) })}</Button>
      {all - shown > size && <Button kind="plain" onClick={() => show(Infinity)}>{t('more_all', { n: all })}</Button>}
    </div>
  );
  return { shown, more, list, restart: () => setWanted(size) };
}

export function CopyButton({ text, label }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false);
  const timer = useRef(0);
  const copy = async (event: MouseEvent) => {
    const button = event.currentTarget as HTMLElement;
    const done = await copyText(text);
    showToast(t(done ? 'copied' : 'copy_failed'), { ms: 4000 });
    setCopied(done);
    button.focus();
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setCopied(false), 2000);
  };
  return <Button small aria-label={label} onClick={copy}>{copied ? t('copied') : t('copy')}</Button>;
}

export interface Column<Row> {
  key: string;
  label: OrganizeKey;
  number?: boolean;
  cell(row: Row): ComponentChildren;
}

/**
 * A table from a table of columns. On narrow screens each row becomes a card with its labels inside; the roles keep it a
 * table for screen readers, whatever the style sheet makes of it.
 */
export function DataTable<Row>({ caption, columns, rows, rowKey, hideCaption = true }: {
  caption: string; columns: readonly Column<Row>[]; rows: readonly Row[]; rowKey(row: Row): string | number; hideCaption?: boolean;
}) {
  const labels = columns.map((column) => t(column.label));
  return (
    <table class="data" role="table">
      <caption class={hideCaption ? 'sr-only' : undefined}>{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column, i) => <th key={column.key} role="columnheader" scope="col" data-number={column.number || undefined}>{labels[i]}</th>)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={rowKey(row)} role="row">
            {columns.map((column, i) => (
              <td key={column.key} role="cell" data-label={labels[i]} data-number={column.number || undefined}>{column.cell(row)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
