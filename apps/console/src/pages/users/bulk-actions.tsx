import { Button, Progress } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/http.js';
import { messageOf } from '../../api/problem.js';
import type { ProjectUser } from '../../api/types.js';
import { Confirm } from '../../components/confirm.js';
import { toast } from '../../components/toasts.js';
import { formatNumber } from '../../components/time.js';
import classes from './users.module.css';

interface Props {
  projectId: string;
  users: ProjectUser[];
  done: () => void;
  mayChange: boolean;
  mayErase: boolean;
}

const atOnce = 4;

/** What can be done to all who are selected. Each is a call of its own: what is refused of one keeps no other from it. */
export function BulkActions({ projectId, users, done, mayChange, mayErase }: Props) {
  const queries = useQueryClient();
  const [progress, setProgress] = useState<number>();
  const [erases, setErases] = useState(false);
  const many = `${formatNumber(users.length)} ${users.length === 1 ? 'user' : 'users'}`;

  const each = async (what: string, act: (user: ProjectUser) => Promise<unknown>) => {
    setProgress(0);
    const refusals: unknown[] = [];
    const left = [...users];
    const worker = async () => {
      for (let user = left.shift(); user !== undefined; user = left.shift()) {
        await act(user).catch((error: unknown) => refusals.push(error));
        setProgress((users.length - left.length) / users.length);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    setProgress(undefined);
    await queries.invalidateQueries({ queryKey: ['users', projectId] });
    if (refusals.length === 0) toast.done(`${many} ${what}.`);
    else toast.failed(new Error(`${refusals.length} of ${many} could not be ${what}: ${messageOf(refusals[0])}`));
    done();
  };
  const setActive = (isActive: boolean) => each(isActive ? 'activated' : 'deactivated', (user) => api.post(`/${projectId}/users/${user.id}/status`, { body: { isActive } }));

  return (
    <div className={classes.bulk} role="region" aria-label="Selected users">
      <strong>{many} selected</strong>
      {progress === undefined ? (
        <div className={classes.bulkButtons}>
          {mayChange && (
            <>
              <Button size="xs" variant="default" onClick={() => void setActive(true)}>
                Activate
              </Button>
              <Button size="xs" variant="default" onClick={() => void setActive(false)}>
                Deactivate
              </Button>
            </>
          )}
          {mayErase && (
            <Button size="xs" variant="default" color="red" c="var(--rc-bad)" onClick={() => setErases(true)}>
              Erase …
            </Button>
          )}
          <Button size="xs" variant="subtle" onClick={done}>
            Clear the selection
          </Button>
        </div>
      ) : (
        <Progress value={progress * 100} className={classes.bulkProgress} aria-label="Progress" />
      )}
      <Confirm opened={erases} onClose={() => setErases(false)} title={`Erase ${many}?`} label={`Erase ${many}`} typed="erase" act={() => each('erased', (user) => api.delete(`/${projectId}/users/${user.id}`))}>
        <p>Their profiles, events, sessions and passwords are removed everywhere. Nothing brings them back.</p>
      </Confirm>
    </div>
  );
}
