// The numbers of a review: each with its name and, in small, how it is counted.
import type { ComponentChildren } from 'preact';
import { language } from '../i18n';
import { t, type OrganizeKey } from '../i18n/organize';
import { CurveChart } from './CurveChart';
import { formatDuration, formatNumber, formatShare } from './figures';
import { Card } from './parts';
import { formatTime } from './time';
import type { Review } from './types';

interface Figure {
  label: OrganizeKey;
  value: string;
  hint?: string;
}

function Figures({ of }: { of: readonly Figure[] }) {
  return (
    <dl class="figures">
      {of.map(({ label, value, hint }) => (
        <div key={label}>
          <dt>{t(label)}</dt>
          <dd class="figure">{value}</dd>
          {hint && <dd class="small muted">{hint}</dd>}
        </div>
      ))}
    </dl>
  );
}

const number = (n: number) => formatNumber(n, language.value);
/** What nobody can know yet is a dash. */
const known = (value: number | null, say: (value: number, language: string) => string) =>
  (value === null ? t('review.none') : say(value, language.value));

export function Reach({ reach, activity }: Pick<Review, 'reach' | 'activity'>): ComponentChildren {
  return (
    <Card title={t('review.reach')}>
      <Figures of={[
        { label: 'review.unique', value: number(reach.unique), hint: t('review.unique_hint') },
        { label: 'review.peak', value: number(reach.peak), hint: t('review.peak_hint') },
        { label: 'review.askers', value: number(activity.askers), hint: t('review.askers_hint') },
        { label: 'review.voters', value: number(activity.voters), hint: t('review.voters_hint') },
        { label: 'review.readers', value: number(activity.readers), hint: t('review.readers_hint') },
      ]} />
      {reach.first_at !== null && reach.last_at !== null && (
        <dl class="pairs small">
          <dt>{t('review.first')}</dt>
          <dd>{formatTime(reach.first_at, language.value)}</dd>
          <dt>{t('review.last')}</dt>
          <dd>{formatTime(reach.last_at, language.value)}</dd>
        </dl>
      )}
      <CurveChart curve={reach.curve} peak={reach.peak} />
    </Card>
  );
}

export function Outcome({ totals, answered_share, median_answer_ms, unmet }: Review) {
  return (
    <Card title={t('review.outcome')}>
      <Figures of={[
        { label: 'review.total_questions', value: number(totals.questions) },
        { label: 'review.total_votes', value: number(totals.votes) },
        { label: 'review.answered_share', value: known(answered_share, formatShare), hint: t('review.answered_hint', { n: totals.answered }) },
        { label: 'review.median', value: known(median_answer_ms, formatDuration), hint: t('review.median_hint') },
        { label: 'review.unmet', value: number(unmet.votes), hint: t('review.unmet_hint', { n: unmet.questions }) },
        { label: 'review.unanswered', value: number(totals.unanswered) },
        { label: 'review.rejected', value: number(totals.rejected) },
        { label: 'review.withdrawn', value: number(totals.withdrawn) },
      ]} />
    </Card>
  );
}
