// The questions of a session with what became of them. A long list is shown by parts.
import { Fragment } from 'preact';
import { useState } from 'preact/hooks';
import { language } from '../i18n';
import { t } from '../i18n/organize';
import type { QuestionState } from '../net/protocol.gen';
import { Empty } from '../ui/Empty';
import { Select } from '../ui/Field';
import { formatNumber } from './figures';
import { Card, DataTable, useParts, type Column } from './parts';
import { filters, inOrder, momentsOf, ofKind, orders, type Filter, type Order } from './reviewTables';
import { momentFormat } from './time';
import type { ReviewQuestion } from './types';

const size = 50;

const tones: Readonly<Partial<Record<QuestionState, string>>> = {
  pending: 'warn', live: 'accent', stage: 'accent', answered: 'good', rejected: 'bad',
};

function QuestionCell({ text, name, reply, reply_private }: ReviewQuestion) {
  return (
    <div class="question-cell">
      <p class="pre">{text}</p>
      {name && <p class="small muted">{t('review.asked_by', { name })}</p>}
      {reply && <p class="small pre">{t(reply_private ? 'review.reply_private' : 'review.reply', { text: reply })}</p>}
    </div>
  );
}

function FateCell({ state, reason, note }: ReviewQuestion) {
  const why = state === 'rejected' ? [reason === 'none' ? '' : t(`review.reason.${reason}`), note].filter(Boolean) : [];
  return (
    <div>
      <span class="badge" data-tone={tones[state]}>{t(`review.fate.${state}`)}</span>
      {why.map((text) => <p key={text} class="small muted">{text}</p>)}
    </div>
  );
}

const moments = [
  ['review.asked', 'asked_at'], ['review.published', 'published_at'], ['review.staged', 'staged_at'], ['review.answered', 'answered_at'],
] as const;

/** The way of a question through the session: only what happened. */
function TimesCell({ question, format }: { question: ReviewQuestion; format(ms: number): string }) {
  const found = moments.flatMap(([label, name]) => (question[name] === null ? [] : [[label, question[name]] as const]));
  return (
    <dl class="pairs small">
      {found.map(([label, ms]) => <Fragment key={label}><dt>{t(label)}</dt><dd>{format(ms)}</dd></Fragment>)}
    </dl>
  );
}

function columnsOf(questions: readonly ReviewQuestion[]): Column<ReviewQuestion>[] {
  const format = momentFormat(momentsOf(questions), language.value);
  return [
    { key: 'question', label: 'review.col_question', cell: (question) => <QuestionCell {...question} /> },
    { key: 'votes', label: 'review.col_votes', number: true, cell: ({ votes }) => formatNumber(votes, language.value) },
    { key: 'fate', label: 'review.col_fate', cell: (question) => <FateCell {...question} /> },
    { key: 'times', label: 'review.col_times', cell: (question) => <TimesCell question={question} format={format} /> },
  ];
}

interface ChoiceProps {
  questions: readonly ReviewQuestion[];
  filter: Filter;
  order: Order;
  onFilter(filter: Filter): void;
  onOrder(order: Order): void;
}

function Choices({ questions, filter, order, onFilter, onOrder }: ChoiceProps) {
  const label = (kind: Filter) => `${t(`review.filter_${kind}`)} (${formatNumber(ofKind(questions, kind).length, language.value)})`;
  return (
    <div class="choices no-print">
      <Select label={t('review.filter')} value={filter} onChange={(event) => onFilter(event.currentTarget.value as Filter)}>
        {filters.map((kind) => <option key={kind} value={kind}>{label(kind)}</option>)}
      </Select>
      <Select label={t('review.order')} value={order} onChange={(event) => onOrder(event.currentTarget.value as Order)}>
        {orders.map((kind) => <option key={kind} value={kind}>{t(`review.order_${kind}`)}</option>)}
      </Select>
    </div>
  );
}

export function Questions({ questions }: { questions: readonly ReviewQuestion[] }) {
  const [filter, setFilter] = useState<Filter>('all');
  const [order, setOrder] = useState<Order>('votes');
  const found = inOrder(ofKind(questions, filter), order);
  const { shown, more, list, restart } = useParts(found.length, size);
  if (questions.length === 0) {
    return <Card title={t('review.questions')}><Empty title={t('review.no_questions')}><p>{t('review.no_questions_next')}</p></Empty></Card>;
  }
  return (
    <Card title={t('review.questions')}>
      <Choices questions={questions} filter={filter} order={order} onOrder={setOrder}
        onFilter={(kind) => { restart(); setFilter(kind); }} />
      {found.length === 0 ? <p class="muted" role="status">{t('review.filter_none')}</p> : (
        <>
          <p class="small muted" role="status">{t('review.showing', { shown, n: found.length })}</p>
          <div class="questions" ref={list}>
            <DataTable caption={t('review.questions')} columns={columnsOf(questions)} rows={found.slice(0, shown)} rowKey={({ id }) => id} />
          </div>
        </>
      )}
      {more}
    </Card>
  );
}
