// What people said after the session: the ratings, whether they would recommend it, and their comments.
import { language } from '../i18n';
import { t, type OrganizeKey } from '../i18n/organize';
import { Empty } from '../ui/Empty';
import { formatNumber, formatScore, formatShare, sharesOf } from './figures';
import { Card, useParts } from './parts';
import { formatTime } from './time';
import type { ReviewComment, ReviewFeedback } from './types';

interface Bar {
  label: string;
  count: number;
}

/** A distribution: a table whose rows are drawn as bars too. */
function Bars({ caption, head, bars }: { caption: string; head: OrganizeKey; bars: readonly Bar[] }) {
  const shares = sharesOf(bars.map(({ count }) => count));
  return (
    <table class="bars">
      <caption class="sr-only">{caption}</caption>
      <thead class="sr-only">
        <tr><th scope="col">{t(head)}</th><td /><th scope="col">{t('review.count')}</th><th scope="col">{t('review.share')}</th></tr>
      </thead>
      <tbody>
        {bars.map(({ label, count }, i) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td aria-hidden="true">
              <svg class="bar-line">
                <rect class="bar-ground" width="100%" height="100%" />
                <rect width={`${shares[i]! * 100}%`} height="100%" />
              </svg>
            </td>
            <td>{formatNumber(count, language.value)}</td>
            <td class="muted">{formatShare(shares[i]!, language.value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Rating({ stars, stars_mean }: ReviewFeedback) {
  const n = stars.reduce((sum, count) => sum + count, 0);
  const bars = stars.map((count, i) => ({ label: t('review.star_row', { n: i + 1 }), count })).reverse();
  const mean = stars_mean === null ? t('review.none') : t('review.stars_mean', { mean: formatNumber(stars_mean, language.value, 2) });
  return (
    <div class="stack-s">
      <h3>{t('review.stars')}</h3>
      <p><span class="figure">{mean}</span> <span class="small muted">{t('review.stars_n', { n })}</span></p>
      <Bars caption={t('review.stars')} head="review.stars" bars={bars} />
    </div>
  );
}

function Recommend({ recommend }: ReviewFeedback) {
  const { n, score, promoters, passives, detractors } = recommend;
  return (
    <div class="stack-s">
      <h3>{t('review.recommend')}</h3>
      <p><span class="figure">{score === null ? t('review.none') : formatScore(score, language.value)}</span>{' '}
        <span class="small muted">{t('review.recommend_n', { n })}</span></p>
      <Bars caption={t('review.recommend')} head="review.recommend" bars={[
        { label: t('review.promoters'), count: promoters },
        { label: t('review.passives'), count: passives },
        { label: t('review.detractors'), count: detractors },
      ]} />
      <p class="small muted">{t('review.recommend_hint')}</p>
    </div>
  );
}

function Comment({ text, stars, recommend, at, name }: ReviewComment) {
  const said = [
    name,
    stars === null ? '' : t('review.comment_stars', { n: stars }),
    recommend === null ? '' : t('review.comment_recommend', { n: recommend }),
    formatTime(at, language.value),
  ].filter(Boolean);
  return (
    <li class="comment">
      <p class="pre">{text}</p>
      <p class="small muted">{said.join(' · ')}</p>
    </li>
  );
}

function Comments({ comments, comments_hidden }: ReviewFeedback) {
  const { shown, more, list } = useParts(comments.length, 20);
  return (
    <div class="stack-s" ref={list}>
      <h3>{t('review.comments')}</h3>
      {comments_hidden ? <p class="note">{t('review.comments_hidden')}</p>
        : comments.length === 0 ? <p class="muted">{t('review.comments_none')}</p>
        : <ul class="comments">{comments.slice(0, shown).map((comment, i) => <Comment key={i} {...comment} />)}</ul>}
      {more}
    </div>
  );
}

export function Feedback({ feedback, open }: { feedback: ReviewFeedback; open: boolean }) {
  if (feedback.n === 0) {
    const next = open ? 'review.feedback_none_next' : 'review.feedback_off';
    return <Card title={t('review.feedback')}><Empty title={t('review.feedback_none')}><p>{t(next)}</p></Empty></Card>;
  }
  return (
    <Card title={t('review.feedback')} lead={t('review.feedback_n', { n: feedback.n })}>
      <div class="halves">
        <Rating {...feedback} />
        <Recommend {...feedback} />
      </div>
      <Comments {...feedback} />
    </Card>
  );
}
