import { Alert, Button, Select } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { every } from '../../api/every.js';
import { api } from '../../api/http.js';
import type { DeadLetter, DeadLetterPage } from '../../api/types.js';
import { Confirm } from '../../components/confirm.js';
import { Empty } from '../../components/empty.js';
import { Panel } from '../../components/page.js';
import { CursorTable } from '../../components/table.js';
import { Time } from '../../components/time.js';
import { toast } from '../../components/toasts.js';

const reasons = [
  { value: 'fixed-by-hand', label: 'It was fixed by hand' },
  { value: 'no-longer-needed', label: 'It is no longer needed' },
  { value: 'duplicate', label: 'It came twice' },
  { value: 'cannot-succeed', label: 'It can’t succeed' },
];
const pathOf = ({ service, consumer, event_id }: DeadLetter) => `/v1/admin/dead-letters/${service}/${consumer}/${event_id}`;

/** Events that a consumer gave up. */
export function DeadLetters() {
  const queries = useQueryClient();
  const list = useInfiniteQuery({
    queryKey: ['dead-letters'],
    queryFn: async ({ pageParam, signal }) => {
      const page = await api.get<DeadLetterPage>('/v1/admin/dead-letters', { query: { cursor: pageParam }, signal });
      return { items: page.dead_letters, next: page.next_cursor, unreachable: page.unreachable };
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: every(10_000),
  });
  const refresh = () => queries.invalidateQueries({ queryKey: ['dead-letters'] });
  const [discarded, setDiscarded] = useState<DeadLetter>();
  const [reason, setReason] = useState('fixed-by-hand');
  const replay = useMutation({
    mutationFn: (letter: DeadLetter) => api.post<{ replayed: boolean }>(`${pathOf(letter)}/replay`),
    onSuccess: async ({ replayed }) => {
      await refresh();
      if (replayed) toast.done('The event was taken this time.');
      else toast.failed(new Error('It failed again; the list shows with what.'));
    },
    onError: toast.failed,
  });
  const silent = list.data?.pages.flatMap((page) => page.unreachable) ?? [];
  return (
    <Panel flush>
      {silent.length > 0 && (
        <Alert color="yellow" variant="light" m="md">
          {[...new Set(silent)].join(', ')} did not answer: what they gave up is left out.
        </Alert>
      )}
      <CursorTable
        label="Dead letters"
        list={list}
        idOf={({ service, consumer, event_id }) => `${service} ${consumer} ${event_id}`}
        empty={
          <Empty icon="inbox" title="No event was given up">
            <p>An event that a service can’t handle is tried eight times. What still fails waits here, to be replayed when its cause is mended.</p>
          </Empty>
        }
        columns={[
          { title: 'Event', role: 'main', cell: ({ subject, event_id }) => <span title={event_id}><strong>{subject}</strong></span> },
          { title: 'Given up by', cell: ({ service, consumer }) => `${service}: ${consumer}` },
          { title: 'Error', cell: ({ error, deliveries }) => <><code data-wraps>{error}</code> <span className="muted">{deliveries} tries</span></> },
          { title: 'Since', cell: ({ dead_since }) => <Time at={dead_since} /> },
          {
            title: 'Actions',
            role: 'actions',
            cell: (letter) => (
              <>
                <Button size="compact-xs" variant="subtle" loading={replay.isPending && replay.variables === letter} onClick={() => replay.mutate(letter)} aria-label={`Replay ${letter.subject} ${letter.event_id}`}>
                  Replay
                </Button>
                <Button size="compact-xs" variant="subtle" color="red" onClick={() => setDiscarded(letter)} aria-label={`Discard ${letter.subject} ${letter.event_id}`}>
                  Discard
                </Button>
              </>
            ),
          },
        ]}
      />
      <Confirm
        opened={discarded !== undefined}
        onClose={() => setDiscarded(undefined)}
        title="Throw this event away?"
        label="Throw away"
        act={async () => {
          if (discarded !== undefined) await api.post(`${pathOf(discarded)}/discard`, { body: { reason } });
          await refresh();
          toast.done('The event is thrown away; the audit trail says so.');
        }}
      >
        <p>What the event should have caused does not happen. The audit trail keeps who threw it away, and why.</p>
        <Select label="Why" data={reasons} value={reason} onChange={(next) => setReason(next ?? reason)} allowDeselect={false} comboboxProps={{ withinPortal: false }} />
      </Confirm>
    </Panel>
  );
}
