import { CloseButton } from '@mantine/core';
import { useEffect, useSyncExternalStore } from 'react';
import { messageOf } from '../api/problem.js';
import { Icon } from './icon.js';
import classes from './toasts.module.css';

interface Toast {
  id: number;
  kind: 'done' | 'failed';
  text: string;
  action?: { label: string; run: () => void };
}

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function add(toast: Omit<Toast, 'id'>): void {
  lastId += 1;
  change([...toasts.slice(-3), { ...toast, id: lastId }]);
}

/** Says what became of something, in a corner; `action` is how to take it back. */
export const toast = {
  done: (text: string, action?: Toast['action']) => add({ kind: 'done', text, action }),
  failed: (error: unknown) => add({ kind: 'failed', text: messageOf(error) }),
};

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className={classes.corner} role="status" aria-live="polite">
      {shown.map((each) => (
        <ToastCard key={each.id} toast={each} />
      ))}
    </div>
  );
}

function ToastCard({ toast: { id, kind, text, action } }: { toast: Toast }) {
  const close = () => change(toasts.filter((each) => each.id !== id));
  useEffect(() => {
    const timer = setTimeout(close, kind === 'failed' ? 12_000 : 6_000);
    return () => clearTimeout(timer);
  });
  return (
    <div className={classes.card} data-kind={kind}>
      <span className={classes.mark}>
        <Icon name={kind === 'done' ? 'check' : 'alert'} />
      </span>
      <span className={classes.text}>{text}</span>
      {action !== undefined && (
        <button type="button" className={classes.action} onClick={() => (action.run(), close())}>
          {action.label}
        </button>
      )}
      <CloseButton size="sm" onClick={close} aria-label="Close this message" />
    </div>
  );
}
