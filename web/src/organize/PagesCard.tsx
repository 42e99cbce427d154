// The addresses of a session's pages, to open, copy and show as QR codes.
import { useState } from 'preact/hooks';
import { t } from '../i18n/organize';
import { Button } from '../ui/Button';
import { Card, CopyButton } from './parts';
import { QrDialog } from './QrDialog';
import { pagesFor, type RoomPage } from './tables';
import type { Session } from './types';

function Row({ page, url, onQr }: { page: RoomPage; url: string; onQr(): void }) {
  const name = t(`page.${page.word}`);
  return (
    <li class="page-row">
      <div>
        <h3>{name}</h3>
        <p class="small muted">{t(`page.${page.word}_text`)}</p>
        <p class="address small">{url}</p>
      </div>
      <div class="row">
        <a class="button" data-size="small" href={url} target="_blank" rel="noopener" aria-label={t('page.open_of', { page: name })}>{t('page.open')}</a>
        <CopyButton text={url} label={t('page.copy_of', { page: name })} />
        <Button small aria-label={t('page.qr_of', { page: name })} onClick={onQr}>{t('page.qr')}</Button>
      </div>
    </li>
  );
}

export function PagesCard({ session }: { session: Session }) {
  const [shown, setShown] = useState<RoomPage | null>(null);
  const addressOf = ({ path }: RoomPage) => `${location.origin}/s/${session.code}${path}`;
  return (
    <Card title={t('session.links')} lead={t('session.links_lead')}>
      <ul class="page-rows">
        {pagesFor(session.role).map((page) => <Row key={page.word} page={page} url={addressOf(page)} onQr={() => setShown(page)} />)}
      </ul>
      {shown && <QrDialog title={`${session.title} · ${t(`page.${shown.word}`)}`} url={addressOf(shown)}
        name={`lectern-${session.code}-${shown.word}`} onClose={() => setShown(null)} />}
    </Card>
  );
}
