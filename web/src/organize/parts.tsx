// Small things that the organizer's pages share.
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { t, type OrganizeKey } from '../i18n/organize';
import type { SessionState } from '../net/protocol.gen';
import { Button } from '../ui/Button';
import { Link } from '../ui/router';
import { showToast } from '../ui/Toast';
import { problemOf, type Problem } from './problems';

export function say(problem: Problem): string {
  return t(problem.key, problem.params);
}

export function ProblemNote({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <div class="note stack-s" data-tone="bad" role="alert">
      <p>{say(problemOf(error))}</p>
      {retry && <div><Button small onClick={retry}>{t('retry')}</Button></div>}
    </div>
  );
}

export function Card({ title, lead, children, actions }: {
  title: string; lead?: string; children?: ComponentChildren; actions?: ComponentChildren;
}) {
  return (
    <section class="card stack">
      <div class="spread">
        <h2>{title}</h2>
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

/** Without a secure context there is no clipboard interface; selecting and copying works everywhere. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'sr-only';
    // A modal dialog makes everything outside it inert.
    (document.querySelector('dialog[open]') ?? document.body).append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    return copied;
  }
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
