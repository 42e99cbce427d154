// Where a session stands: its state and the steps from it, its times, and the code to join.
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../i18n/organize';
import { spelled } from '../state/code';
import { announce } from '../ui/announce';
import { Button } from '../ui/Button';
import { Confirm } from '../ui/Dialog';
import { sendCommand } from './command';
import { CopyButton, ProblemNote, StateBadge } from './parts';
import { wasHeard } from './problems';
import type { Resource } from './resource';
import { stepsFor, type Step } from './tables';
import { Times } from './Times';
import type { Session } from './types';

/** Takes a step and shows the session as it is then, also when the step was refused: somebody else was faster. */
function useSteps(session: Session, of: Resource<Session>) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const take = async (step: Step) => {
    if (busy) return;
    setBusy(true);
    setError(null);
    const failure: unknown = await sendCommand(session.id, { type: 'state', state: step.to }).catch((cause: unknown) => cause);
    setBusy(false);
    setError(failure ?? null);
    if (wasHeard(failure)) of.reload();
  };
  return { busy, error, take };
}

function Steps({ session, of }: { session: Session; of: Resource<Session> }) {
  const { busy, error, take } = useSteps(session, of);
  const [asking, setAsking] = useState<Step | null>(null);
  const offered = stepsFor(session.role, session.state, session.questions);
  return (
    <>
      {error !== null && <ProblemNote error={error} />}
      {offered.length > 0 && (
        <div class="row" aria-busy={busy}>
          {offered.map((step) => (
            <Button key={step.word} kind={step.main ? 'primary' : undefined} aria-disabled={busy}
              onClick={() => (step.sure ? setAsking(step) : void take(step))}>{t(`step.${step.word}`)}</Button>
          ))}
          {busy && <span class="small muted" role="status">{t('session.waiting')}</span>}
        </div>
      )}
      {(asking?.word === 'end' || asking?.word === 'archive') && (
        <Confirm title={t(`step.${asking.word}`)} text={t(`step_sure.${asking.word}`)} action={t(`step.${asking.word}`)} danger
          onConfirm={() => void take(asking)} onClose={() => setAsking(null)} />
      )}
    </>
  );
}

export function StateCard({ session, of }: { session: Session; of: Resource<Session> }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(session.state);
  useEffect(() => {
    if (before.current === session.state) return;
    before.current = session.state;
    announce(`${t(`state.${session.state}`)}. ${t(`state_text.${session.state}`)}`);
    // The button of the step is gone, and the focus with it.
    if (document.activeElement === document.body) heading.current?.focus();
  }, [session.state]);
  return (
    <section class="card stack">
      <div class="spread">
        <h2 ref={heading} tabIndex={-1}>{t('session.state')}</h2>
        <StateBadge state={session.state} />
      </div>
      <p>{t(`state_text.${session.state}`)}</p>
      <Steps session={session} of={of} />
      <Times session={session} />
      <div class="join-code">
        <h3 class="small muted">{t('session.code')}</h3>
        <div class="row">
          <span class="code" translate={false}>{spelled(session.code)}</span>
          <CopyButton text={session.code} label={t('session.copy_code')} />
        </div>
      </div>
      <p class="row small muted">
        <span>{t('session.questions', { n: session.questions })}</span>
        <span>{t('session.responses', { n: session.responses })}</span>
      </p>
    </section>
  );
}
