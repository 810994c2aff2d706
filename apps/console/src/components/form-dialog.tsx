import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './confirm.module.css';
import { Dialog } from './dialog.js';
import { ProblemNote } from './problem-note.js';
import { submitting } from './submitting.js';

interface Props {
  title: string;
  onClose: () => void;
  /** What was refused when it was sent. */
  error: unknown;
  isPending: boolean;
  /** Whether there is something to send. */
  isReady: boolean;
  label?: string;
  submit: () => void;
  children: ReactNode;
}

/** A short form above the page: what to make or change, cancel, and send. */
export function FormDialog({ title, onClose, error, isPending, isReady, label = 'Save', submit, children }: Props) {
  return (
    <Dialog onClose={onClose} title={title}>
      <form className={classes.form} onSubmit={submitting(submit)}>
        <ProblemNote error={error} />
        {children}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isPending} disabled={!isReady}>
            {label}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
