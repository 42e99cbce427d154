// For stream software: a lower third with the question over a transparent ground, and nothing else. While nothing is on
// stage only a small line says how to ask.
import { t } from '../../i18n/hall';
import { spelled } from '../../state/code';
import { staged } from '../../state/room';
import type { Room } from '../../state/store';
import { Away } from './Away';
import { addressOf } from './Join';
import { sceneOf } from './scene';
import { StageQuestion } from './StageQuestion';
import './overlay.css';

const range = { max: 2.5, min: 0.6, calm: 1.4 };

export function Overlay({ room }: { room: Room }) {
  const { info, questions } = room.state.value;
  if (!info) return null;
  const scene = sceneOf(info, staged(questions));
  const onStage = scene === 'question' ? staged(questions) : null;
  return (
    <main class="overlay">
      <h1 class="sr-only">{info.title}</h1>
      <div aria-live="polite" aria-atomic="true">
        {onStage && (
          <div class="overlay-card hall-center" key={onStage.id}>
            <StageQuestion question={onStage} range={range} />
            <p class="overlay-code"><span>{addressOf(info.code)}</span> <b>{spelled(info.code)}</b></p>
          </div>
        )}
        {scene === 'ask' && (
          <p class="overlay-card overlay-ask hall-center" key="ask">
            <strong>{t('stage.ask')}</strong>
            <span class="overlay-code"><span>{addressOf(info.code)}</span> <b>{spelled(info.code)}</b></span>
          </p>
        )}
      </div>
      <Away room={room} />
    </main>
  );
}
