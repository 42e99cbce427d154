// The whole picture of the stage: what is on, how to join, what comes next. Made to be seen, so nothing in it can be
// operated and nothing scrolls.
import { formatDateTime, formatTime } from '../../i18n/format';
import { t } from '../../i18n/hall';
import type { InfoRecord, QuestionRecord } from '../../net/protocol.gen';
import { policyOf, staged } from '../../state/room';
import type { Room } from '../../state/store';
import { Away } from './Away';
import { Join } from './Join';
import { nextOf, purposeOf, sceneOf, type Scene } from './scene';
import { StageQuestion } from './StageQuestion';
import './stage.css';

const range = { max: 6, min: 0.7, calm: 2.4 };
const soonMs = 12 * 3_600_000;

function startText(info: InfoRecord, now: number): string {
  const wait = info.starts_at - now;
  if (info.starts_at === 0 || wait <= 0) return t('stage.lobby.soon');
  return t('stage.lobby.starts', { time: wait < soonMs ? formatTime(info.starts_at) : formatDateTime(info.starts_at) });
}

function Invitation({ info, scene, now }: { info: InfoRecord; scene: Exclude<Scene, 'question'>; now: number }) {
  const ahead = policyOf(info, 'ask_ahead') === 1;
  const words: Record<typeof scene, readonly [title: string, hint: string]> = {
    ask: [t('stage.ask'), t('stage.ask.hint')],
    vote: [t('stage.vote'), t('stage.vote.hint')],
    follow: [t('stage.follow'), t('stage.follow.hint')],
    pause: [t('stage.pause'), t('stage.pause.hint')],
    lobby: [startText(info, now), t(ahead ? 'stage.lobby.ahead' : 'stage.lobby.enter')],
    feedback: [t('stage.thanks'), t('stage.feedback.hint')],
    read: [t('stage.thanks'), t('stage.read.hint')],
  };
  const [title, hint] = words[scene];
  return (
    <div class="hall-invitation">
      {scene === 'lobby' && <p class="hall-lobby" dir="auto">{info.title}</p>}
      <h2>{title}</h2>
      <p>{hint}</p>
    </div>
  );
}

function Next({ questions, title }: { questions: readonly QuestionRecord[]; title: string }) {
  if (questions.length === 0) return null;
  return (
    <section class="hall-next" aria-label={title}>
      <h2 class="hall-label">{title}</h2>
      <ol>
        {questions.map((question) => (
          <li key={question.id}>
            <span class="hall-next-text" dir="auto">{question.text}</span>
            <span class="hall-next-votes">{t('stage.votes', { n: question.votes })}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

export function Projector({ room }: { room: Room }) {
  const { info, questions } = room.state.value;
  if (!info) return null;
  const scene = sceneOf(info, staged(questions));
  const onStage = scene === 'question' ? staged(questions) : null;
  return (
    <div class="hall" data-scene={onStage ? 'question' : 'invite'}>
      <header class="hall-head">
        <span class="hall-event" dir="auto">{info.event}</span>
        <h1 class={scene === 'lobby' ? 'sr-only' : undefined} dir="auto">{info.title}</h1>
        {info.state === 'paused' && onStage && <span class="hall-badge">{t('stage.paused')}</span>}
      </header>
      <main class="hall-main" aria-live="polite" aria-atomic="true">
        <div class="hall-center" key={onStage?.id ?? scene}>
          {scene === 'question' ? onStage && <StageQuestion question={onStage} range={range} />
            : <Invitation info={info} scene={scene} now={room.now()} />}
        </div>
      </main>
      <Join code={info.code} purpose={purposeOf(info, scene)} />
      <Next questions={nextOf(info, questions, scene)} title={t(onStage ? 'stage.next' : 'stage.wanted')} />
      <Away room={room} />
    </div>
  );
}
