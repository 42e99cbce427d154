// Several questions of the review queue decided at once.
import { t } from '../../i18n/host';
import { Button } from '../../ui/Button';
import type { QuestionCommand } from './doing';
import type { Desk } from './desk';

export function Picks({ desk, shown }: { desk: Desk; shown: readonly number[] }) {
  const picked = desk.picked.value;
  const all = picked.length > 0 && shown.every((id) => picked.includes(id));
  const approve = () => {
    desk.pick(picked, false);
    void desk.doing.many(picked.map((question): QuestionCommand => ({ type: 'approve', question, text: '' })));
  };
  return (
    <div class="host-picks">
      <label class="choice small">
        <input type="checkbox" checked={all} ref={(box) => { if (box) box.indeterminate = picked.length > 0 && !all; }}
          onChange={() => desk.pick(shown, !all)} />
        <span>{picked.length > 0 ? t('pick.n', { n: picked.length }) : t('pick.all')}</span>
      </label>
      {picked.length > 0 && (
        <span class="row">
          <Button small class="host-lead" onClick={approve}>{t('pick.approve')}</Button>
          <Button small onClick={() => { desk.form.value = { kind: 'reject', questions: picked }; }}>{t('pick.reject')}</Button>
        </span>
      )}
    </div>
  );
}
