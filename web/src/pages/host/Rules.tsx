// The session's rules: three switches always at hand, the others in a dialog.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { t, type HostKey } from '../../i18n/host';
import { policyTable, type Policy } from '../../net/protocol.gen';
import { policyOf } from '../../state/room';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Choice, Field, Select } from '../../ui/Field';
import type { Desk } from './desk';
import { close, FormActions } from './Forms';

const atHand = ['review', 'asking', 'voting'] as const;

/** The wish counts until the server has answered. */
function wished(desk: Desk, policy: Policy): number {
  const waiting = desk.room.outbox.value.map(({ command }) => command).reverse();
  const found = waiting.find((command) => command.type === 'policy' && command.policy === policy);
  return found?.type === 'policy' ? found.value : policyOf(desk.room.state.value.info!, policy);
}

export function Switches({ desk }: { desk: Desk }) {
  const may = desk.room.may('policy');
  return (
    <div class="host-switches" role="group" aria-label={t('rules.title')}>
      {atHand.map((policy) => {
        const on = wished(desk, policy) === 1;
        return (
          <label class="host-switch" key={policy} title={t(`rule.${policy}.hint`)}>
            <input type="checkbox" role="switch" checked={on} disabled={!may}
              onChange={() => void desk.doing.policies([[policy, on ? 0 : 1]], t(`rule.${policy}.${on ? 'off' : 'on'}` as HostKey))} />
            <span>{t(`rule.${policy}.short`)}</span>
          </label>
        );
      })}
      <Button small disabled={!may} onClick={() => { desk.form.value = { kind: 'rules' }; }}>{t('rules.more')}</Button>
    </div>
  );
}

const switches = ['stage_next', 'ask_ahead', 'feedback', 'feedback_names'] as const;
const numbers = ['question_length', 'question_limit'] as const;
const names = [0, 1, 2, 3] as const;
const inDialog: readonly Policy[] = ['names', ...numbers, ...switches];
type Values = Partial<Record<Policy, string>>;

function numberProblem(policy: Policy, text: string): string | null {
  const { low, high } = policyTable[policy];
  const fits = /^\d{1,6}$/.test(text.trim()) && Number(text) >= low && Number(text) <= high;
  return fits ? null : t('rules.number', { low, high });
}

export function RulesForm({ desk }: { desk: Desk }) {
  const info = desk.room.state.value.info!;
  const start = useRef<Values>(Object.fromEntries(inDialog.map((policy) => [policy, String(policyOf(info, policy))])));
  const values = useSignal<Values>(start.current);
  const tried = useSignal(false);
  const set = (policy: Policy, value: string) => { values.value = { ...values.value, [policy]: value }; };
  const value = (policy: Policy) => values.value[policy] ?? '';
  const submit = async (event: Event) => {
    event.preventDefault();
    tried.value = true;
    const wrong = numbers.find((policy) => numberProblem(policy, value(policy)));
    if (wrong) return void document.getElementById(`rule-${wrong}`)?.focus();
    // Only what was changed here: others may have changed the rest meanwhile.
    const changes = inDialog.filter((policy) => value(policy).trim() !== start.current[policy])
      .map((policy): [Policy, number] => [policy, Number(value(policy))]);
    close(desk);
    if (changes.length > 0) await desk.doing.policies(changes, t('rules.saved', { n: changes.length }));
  };
  return (
    <Dialog title={t('rules.title')} onClose={() => close(desk)}>
      <form class="stack" onSubmit={submit} noValidate>
        <Select label={t('rule.names')} hint={t('rule.names.hint')} value={value('names')}
          onChange={(event) => set('names', event.currentTarget.value)}>
          {names.map((choice) => <option key={choice} value={String(choice)}>{t(`rule.names.${choice}`)}</option>)}
        </Select>
        {numbers.map((policy) => (
          <Field key={policy} id={`rule-${policy}`} label={t(`rule.${policy}`)} hint={t(`rule.${policy}.hint`)} inputMode="numeric"
            value={value(policy)} error={tried.value ? numberProblem(policy, value(policy)) : null}
            onInput={(event) => set(policy, event.currentTarget.value)} />
        ))}
        <div class="stack-s">
          {switches.map((policy) => (
            <Choice key={policy} label={t(`rule.${policy}`)} hint={t(`rule.${policy}.hint`)} checked={value(policy) === '1'}
              onChange={(event) => set(policy, event.currentTarget.checked ? '1' : '0')} />
          ))}
        </div>
        <FormActions desk={desk}>
          <Button kind="primary" type="submit">{t('rules.save')}</Button>
        </FormActions>
      </form>
    </Dialog>
  );
}
