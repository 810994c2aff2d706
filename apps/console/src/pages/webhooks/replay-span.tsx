import { Checkbox, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/http.js';
import { FormDialog } from '../../components/form-dialog.js';
import { fieldError } from '../../components/problem-note.js';
import { formatNumber } from '../../components/time.js';
import { toast } from '../../components/toasts.js';

interface Props {
  /** Of the webhook in the API. */
  path: string;
  onClose: () => void;
  onQueued: () => void;
}

/** Which time is sent again: what happened since, and up to when. */
export function ReplaySpan({ path, onClose, onQueued }: Props) {
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [onlyFailed, setOnlyFailed] = useState(false);
  const replay = useMutation({
    mutationFn: () => api.post<{ queued: number }>(`${path}/replay`, { body: { from: instantOf(from), ...(to === '' ? {} : { to: instantOf(to) }), only_failed: onlyFailed } }),
    onSuccess: ({ queued }) => {
      toast.done(queued === 1 ? '1 event is sent again.' : `${formatNumber(queued)} events are sent again.`);
      onQueued();
      onClose();
    },
  });
  return (
    <FormDialog title="Send a time again" onClose={onClose} error={replay.error} isPending={replay.isPending} isReady={from !== ''} label="Send again" submit={() => replay.mutate()}>
      <TextInput type="datetime-local" label="From" description="What happened since then, also what was never sent" required withAsterisk={false} data-autofocus value={from} onChange={(event) => setFrom(event.currentTarget.value)} error={fieldError(replay.error, 'from')} />
      <TextInput type="datetime-local" label="To" description="None: up to now" value={to} onChange={(event) => setTo(event.currentTarget.value)} error={fieldError(replay.error, 'to')} />
      <Checkbox label="Only what was given up" checked={onlyFailed} onChange={(event) => setOnlyFailed(event.currentTarget.checked)} />
    </FormDialog>
  );
}

/** Of the clock of whoever looks at the page. */
function instantOf(local: string): string {
  return new Date(local).toISOString();
}
