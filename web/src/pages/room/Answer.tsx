import { t } from '../../i18n';
import type { QuestionRecord } from '../../net/protocol.gen';
import { QuestionText } from './QuestionText';

/** The answer in writing, when there is one. */
export function Answer({ question }: { question: QuestionRecord }) {
  if (!question.reply) return null;
  return (
    <div class="answer">
      <span class="small muted">{t(question.reply_private ? 'answer.private' : 'answer.public')}</span>
      <QuestionText text={question.reply} />
    </div>
  );
}
