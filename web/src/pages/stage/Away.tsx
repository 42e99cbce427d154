// The connection is away: said quietly and only when it lasts. What is on the screen stays.
import { t } from '../../i18n/hall';
import type { Room } from '../../state/store';

export function Away({ room }: { room: Room }) {
  if (room.connection.state.value.kind === 'live') return null;
  return <p class="hall-away">{t('stage.away')}</p>;
}
