// The question that is being answered, as large as it can be, with its asker (where the policy shows names) and votes.
import { useRef } from 'preact/hooks';
import { t } from '../../i18n/hall';
import type { QuestionRecord } from '../../net/protocol.gen';
import { useFit, type FitRange } from './fit';
import { flowing } from './scene';

export function StageQuestion({ question, range }: { question: QuestionRecord; range: FitRange }) {
  const box = useRef<HTMLDivElement>(null);
  const text = flowing(question.text);
  useFit(box, text, range);
  return (
    <div class="hall-question">
      <div class="hall-fit" ref={box}><p class="hall-text" dir="auto">{text}</p></div>
      <p class="hall-meta">
        {question.name && <strong dir="auto">{question.name}</strong>}
        <span class="hall-votes" aria-live="off">{t('stage.votes', { n: question.votes })}</span>
      </p>
    </div>
  );
}
