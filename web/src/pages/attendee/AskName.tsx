// Who will see the asker's name, in plain words, by the host's policy.
import type { Signal } from '@preact/signals';
import { t } from '../../i18n';
import type { NamesPolicy } from './gates';
import { Choice, Field } from '../../ui/Field';

interface AskNameProps {
  names: NamesPolicy;
  name: Signal<string>;
  named: Signal<string>;
  error: string | null;
  onInput(): void;
}

const hints = { shown: 'ask.names.shown', hosts: 'ask.names.hosts', choice: 'ask.names.shown' } as const;

export function AskName({ names, name, named, error, onInput }: AskNameProps) {
  if (names === 'anonymous') return <p class="small muted">{t('ask.names.anonymous')}</p>;
  const shown = names !== 'choice' || named.value === '1';
  return (
    <div class="ask-name">
      {names === 'choice' && (
        <Choice label={t('ask.names.choice')} hint={shown ? undefined : t('ask.names.choice.hint')} checked={shown}
          onChange={(event) => { named.value = event.currentTarget.checked ? '1' : ''; onInput(); }} />
      )}
      {shown && (
        <Field id="ask-name" label={t('ask.name')} hint={t(hints[names])} error={error} value={name.value} autocomplete="name" dir="auto"
          onInput={(event) => { name.value = event.currentTarget.value; onInput(); }} />
      )}
    </div>
  );
}
