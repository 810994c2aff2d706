import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import classes from './confirm.module.css';
import { Dialog } from './dialog.js';
import { ProblemNote } from './problem-note.js';

interface Props {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What will happen. */
  children: ReactNode;
  label: string;
  /** To be typed first, for what can't be taken back. */
  typed?: string;
  destroys?: boolean;
  act: () => Promise<unknown>;
}

/** Asks before something is done that is hard to undo, and stays open while it is done, or if it fails. */
export function Confirm({ opened, onClose, title, children, label, typed, destroys = true, act }: Props) {
  const [text, setText] = useState('');
  const close = () => {
    setText('');
    run.reset();
    onClose();
  };
  const run = useMutation({ mutationFn: act, onSuccess: close });
  return (
    <Dialog opened={opened} onClose={close} title={title}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          run.mutate();
        }}
      >
        <ProblemNote error={run.error} />
        <div className={classes.text}>{children}</div>
        {typed !== undefined && <TextInput label={<>Type <strong>{typed}</strong> to go on</>} value={text} onChange={(event) => setText(event.currentTarget.value)} autoComplete="off" data-autofocus />}
        <div className={classes.buttons}>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" color={destroys ? 'red' : undefined} loading={run.isPending} disabled={typed !== undefined && text !== typed}>
            {label}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
