import { Button } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/http.js';
import type { Session, WholeUser } from '../../api/types.js';
import { cursorList } from '../../api/queries.js';
import { Confirm } from '../../components/confirm.js';
import { Panel } from '../../components/page.js';
import { SessionList } from '../../components/session-list.js';
import { toast } from '../../components/toasts.js';
import { useMay } from '../../shell/scope.js';

/** Where they are logged in. */
export function SessionsTab({ projectId, user }: { projectId: string; user: WholeUser }) {
  const queries = useQueryClient();
  const may = useMay({ project_id: projectId });
  const path = `/v1/admin/projects/${projectId}/users/${user.user_id}/sessions`;
  const list = useInfiniteQuery({ ...cursorList<Session>(path, 'sessions'), enabled: !user.is_staff });
  const [endsAll, setEndsAll] = useState(false);
  if (user.is_staff) {
    return (
      <Panel title="Sessions">
        <p className="muted">The sessions of staff are their own: they see and end them under “Your account”.</p>
      </Panel>
    );
  }
  const mayEnd = may('users:write');
  const isAny = (list.data?.pages[0]?.items.length ?? 0) > 0;
  return (
    <Panel
      flush
      title="Where they are logged in"
      actions={
        mayEnd &&
        isAny && (
          <Button variant="default" size="xs" onClick={() => setEndsAll(true)}>
            Log out everywhere
          </Button>
        )
      }
    >
      <SessionList
        list={list}
        end={
          mayEnd
            ? async ({ session_id }) => {
                await api.delete(`${path}/${session_id}`);
                await queries.invalidateQueries({ queryKey: [path] });
              }
            : undefined
        }
      />
      <Confirm
        opened={endsAll}
        onClose={() => setEndsAll(false)}
        title="Log them out everywhere?"
        label="End all sessions"
        act={async () => {
          await api.delete(path);
          await queries.invalidateQueries({ queryKey: [path] });
          toast.done('All their sessions have ended.');
        }}
      >
        <p>Their tokens are refused within a second. They can log in again.</p>
      </Confirm>
    </Panel>
  );
}
