// What happened in a session, while it runs and after: reach, questions, feedback, and all of it as files.
import './review.css';
import { useEffect } from 'preact/hooks';
import { language } from '../i18n';
import { t } from '../i18n/organize';
import { spelled } from '../state/code';
import { announce } from '../ui/announce';
import { Button } from '../ui/Button';
import type { PageProps } from './index';
import { Card, StateBadge } from './parts';
import { Loaded, useResource, type Resource } from './resource';
import { Feedback } from './ReviewFeedback';
import { Outcome, Reach } from './ReviewFigures';
import { Questions } from './ReviewQuestions';
import { exportFormats, exportKinds } from './reviewTables';
import { Shell } from './Shell';
import { policiesOf } from './tables';
import { Times } from './Times';
import type { Review } from './types';

function Downloads({ session }: { session: number }) {
  return (
    <Card title={t('review.downloads')} lead={t('review.downloads_lead')}>
      <ul class="downloads">
        {exportKinds.map((kind) => {
          const what = t(`review.export.${kind}`);
          return (
            <li key={kind}>
              <span>{what}</span>
              <span class="row">
                {exportFormats.map((format) => (
                  <a key={format} class="button" data-size="small" download href={`/api/v1/sessions/${session}/export/${kind}.${format}`}
                    aria-label={t('review.download_of', { what, format: format.toUpperCase() })}>{format.toUpperCase()}</a>
                ))}
              </span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

function Head({ of }: { of: Resource<Review> }) {
  const { session } = of.data!;
  const clock = new Intl.DateTimeFormat(language.value, { timeStyle: 'medium' });
  useEffect(() => {
    if (of.loading || of.error) return;
    announce(t('refreshed', { time: clock.format(of.at) }));
  }, [of.at]);
  return (
    <div class="stack-s">
      <div class="spread">
        <h1>{t('review.of', { title: session.title })}</h1>
        <div class="row no-print">
          <Button onClick={of.reload} aria-disabled={of.loading}>{t('refresh')}</Button>
          <Button onClick={() => print()}>{t('print')}</Button>
        </div>
      </div>
      <p class="row small muted">
        <StateBadge state={session.state} />
        <span>{t('event.code')} <span class="code">{spelled(session.code)}</span></span>
        <span>{t('refreshed', { time: clock.format(of.at) })}</span>
      </p>
      <Times session={session} />
    </div>
  );
}

function Body({ of }: { of: Resource<Review> }) {
  const review = of.data!;
  const { session, reach, totals, feedback } = review;
  const nobody = reach.unique === 0 && totals.questions === 0 && feedback.n === 0;
  return (
    <>
      <Head of={of} />
      {nobody ? <div class="empty"><h2>{t('review.nobody')}</h2><p>{t('review.nobody_next')}</p></div> : (
        <>
          <Reach reach={reach} activity={review.activity} />
          <Outcome {...review} />
          <Questions questions={review.questions} />
          <Feedback feedback={feedback} open={policiesOf(session.policies).feedback === 1} />
          <Downloads session={session.id} />
        </>
      )}
    </>
  );
}

export default function ReviewPage({ id }: PageProps) {
  const review = useResource<Review>(`sessions/${id}/review`);
  const session = review.data?.session;
  const crumbs = [
    { text: t('events'), href: '/organize' },
    ...(session ? [
      { text: session.event.title, href: `/organize/events/${session.event.id}` },
      { text: session.title, href: `/organize/sessions/${session.id}` },
    ] : []),
    { text: t('session.review') },
  ];
  return (
    <Shell title={session ? t('review.of', { title: session.title }) : t('session.review')} crumbs={crumbs}>
      <Loaded of={review}>{() => <Body of={review} />}</Loaded>
    </Shell>
  );
}
