// The help sheet: every key, and the switch that turns them off.
import { t, type HostKey } from '../../i18n/host';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Choice } from '../../ui/Field';
import { actionRows } from './actions';
import type { Desk } from './desk';
import { close } from './Forms';
import { keysOn, setKeysOn } from './keys';

interface Line {
  keys: readonly string[];
  text: HostKey;
}

const moving: readonly Line[] = [
  { keys: ['J', '↓'], text: 'help.next' },
  { keys: ['K', '↑'], text: 'help.previous' },
  { keys: ['H', '←'], text: 'help.left' },
  { keys: ['L', '→'], text: 'help.right' },
  { keys: ['/'], text: 'help.filter' },
  { keys: ['?'], text: 'help.help' },
];

const actionLines: readonly Line[] = [...new Map(actionRows.map(({ word, key }) => [word, key]))]
  .map(([word, key]) => ({ keys: [key.toUpperCase()], text: `help.${word}` }));

const acting: readonly Line[] = [
  ...actionLines,
  { keys: ['Space'], text: 'help.pick' },
  { keys: ['Z', 'U'], text: 'help.undo' },
];

function Lines({ title, lines }: { title: string; lines: readonly Line[] }) {
  return (
    <section class="stack-s">
      <h3>{title}</h3>
      <dl class="host-keys">
        {lines.map(({ keys, text }) => (
          <div key={text}>
            <dt>{keys.map((key) => <kbd key={key}>{key === 'Space' ? t('help.space') : key}</kbd>)}</dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function Help({ desk }: { desk: Desk }) {
  return (
    <Dialog title={t('help.title')} onClose={() => close(desk)}>
      <p class="muted small">{t('help.lead')}</p>
      <Choice label={t('help.on')} checked={keysOn.value} onChange={(event) => setKeysOn(event.currentTarget.checked)} />
      <Lines title={t('help.moving')} lines={moving} />
      <Lines title={t('help.acting')} lines={acting} />
      <div class="dialog-actions"><Button kind="primary" onClick={() => close(desk)}>{t('help.close')}</Button></div>
    </Dialog>
  );
}
