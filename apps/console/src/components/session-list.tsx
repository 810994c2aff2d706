import { Badge, Button } from '@mantine/core';
import { useMutation, type InfiniteData, type UseInfiniteQueryResult } from '@tanstack/react-query';
import type { Session } from '../api/types.js';
import { Empty } from './empty.js';
import { CursorTable } from './table.js';
import { Time } from './time.js';
import { toast } from './toasts.js';

type Shown = Session & { current?: boolean };

interface Props {
  list: UseInfiniteQueryResult<InfiniteData<{ items: Shown[]; next: string | null }>>;
  /** Left out: whoever looks may end none. */
  end?: (session: Shown) => Promise<unknown>;
}

/** Sessions of oneself or of somebody. */
export function SessionList({ list, end }: Props) {
  return (
    <CursorTable
      label="Sessions"
      list={list}
      idOf={({ session_id }) => session_id}
      empty={
        <Empty icon="monitor" title="Not logged in anywhere">
          <p>A session begins at a login, and ends when it is not used for a while.</p>
        </Empty>
      }
      columns={[
        {
          title: 'Device',
          role: 'main',
          cell: ({ device, user_agent, current }) => (
            <span title={user_agent ?? undefined}>
              {device ?? 'Unknown device'} {current === true && <Badge size="sm" variant="light">this one</Badge>}
            </span>
          ),
        },
        { title: 'Address', cell: ({ address }) => <code>{address ?? '–'}</code> },
        { title: 'Since', cell: ({ created_at }) => <Time at={created_at} /> },
        { title: 'Last used', cell: ({ last_used_at }) => <Time at={last_used_at} /> },
        { title: 'Actions', role: 'actions', cell: (session) => end !== undefined && session.current !== true && <End session={session} end={end} /> },
      ]}
    />
  );
}

function End({ session, end }: { session: Shown; end: NonNullable<Props['end']> }) {
  const run = useMutation({ mutationFn: () => end(session), onSuccess: () => toast.done('The session has ended.'), onError: toast.failed });
  return (
    <Button variant="default" size="xs" loading={run.isPending} onClick={() => run.mutate()} aria-label={`End the session ${session.device ?? ''}`}>
      End
    </Button>
  );
}
