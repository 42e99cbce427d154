// Short notices at the bottom; one may carry an action such as "undo". They are read out once, politely.
import { signal } from '@preact/signals';
import { t } from '../i18n';
import { Button } from './Button';

interface Toast {
  id: number;
  text: string;
  action?: { label: string; run(): void };
}

const shown = signal<Toast[]>([]);
let lastId = 0;

export function dismissToast(id: number): void {
  shown.value = shown.value.filter((toast) => toast.id !== id);
}

export function showToast(text: string, options: { action?: Toast['action']; ms?: number } = {}): number {
  const id = ++lastId;
  shown.value = [...shown.value.slice(-1), { id, text, action: options.action }];
  setTimeout(() => dismissToast(id), options.ms ?? 8000);
  return id;
}

export function Toasts() {
  const run = (toast: Toast) => {
    dismissToast(toast.id);
    toast.action?.run();
  };
  return (
    <div class="toasts" role="status">
      {shown.value.map((toast) => (
        <div class="toast" key={toast.id}>
          <span>{toast.text}</span>
          {toast.action && <Button small onClick={() => run(toast)}>{toast.action.label}</Button>}
          <Button small aria-label={t('common.dismiss')} onClick={() => dismissToast(toast.id)}>×</Button>
        </div>
      ))}
    </div>
  );
}
