import { Badge, Button, PasswordInput, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/http.js';
import { cursorList, me } from '../api/queries.js';
import type { Session, StaffUser } from '../api/types.js';
import { Confirm } from '../components/confirm.js';
import { PageHead, Panel } from '../components/page.js';
import { failed, Failed } from '../components/page-error.js';
import { PageLoading } from '../components/page-loading.js';
import { fieldError, ProblemNote } from '../components/problem-note.js';
import { SessionList } from '../components/session-list.js';
import { toast } from '../components/toasts.js';
import classes from './account.module.css';
import { submitting } from '../components/submitting.js';

export function AccountPage() {
  const user = useQuery(me);
  if (failed(user)) return <Failed error={user.error} again={() => void user.refetch()} />;
  if (user.data === undefined) return <PageLoading />;
  return (
    <div>
      <PageHead title="Your account" about={user.data.user_email ?? undefined} />
      <Name user={user.data} />
      <Sessions />
      <Password />
      <Roles user={user.data} />
    </div>
  );
}

function Name({ user }: { user: StaffUser }) {
  const queries = useQueryClient();
  const [name, setName] = useState(user.user_name ?? '');
  const save = useMutation({
    mutationFn: () => api.patch<StaffUser>('/v1/admin/users/me', { body: { user_name: name.trim() } }),
    onSuccess: (saved) => {
      queries.setQueryData(me.queryKey, saved);
      toast.done('Your name is saved.');
    },
  });
  return (
    <Panel title="Name" about="As your colleagues see you.">
      <form className={classes.line} onSubmit={submitting(() => save.mutate())}>
        <TextInput aria-label="Name" autoComplete="name" value={name} onChange={(event) => setName(event.currentTarget.value)} error={fieldError(save.error, 'user_name')} className={classes.grow} />
        <Button type="submit" variant="default" loading={save.isPending} disabled={name.trim() === (user.user_name ?? '') || name.trim() === ''}>
          Save
        </Button>
      </form>
    </Panel>
  );
}

function Sessions() {
  const queries = useQueryClient();
  const path = '/v1/auth/sessions';
  const list = useInfiniteQuery(cursorList<Session & { current: boolean }>(path, 'sessions'));
  const [endsAll, setEndsAll] = useState(false);
  return (
    <Panel
      flush
      title="Where you are logged in"
      about="End what you don’t know, and change your password then."
      actions={
        <Button variant="default" size="xs" onClick={() => setEndsAll(true)}>
          Log out everywhere else
        </Button>
      }
    >
      <SessionList
        list={list}
        end={async ({ session_id }) => {
          await api.delete(`${path}/${session_id}`);
          await queries.invalidateQueries({ queryKey: [path] });
        }}
      />
      <Confirm
        opened={endsAll}
        onClose={() => setEndsAll(false)}
        title="Log out everywhere else?"
        label="End the other sessions"
        act={async () => {
          await api.delete(path, { query: { keep_current: true } });
          await queries.invalidateQueries({ queryKey: [path] });
          toast.done('Every other session has ended.');
        }}
      >
        <p>All your sessions but this one end within a second.</p>
      </Confirm>
    </Panel>
  );
}

function Password() {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const change = useMutation({
    mutationFn: () => api.put('/v1/auth/me/password', { body: { current, password } }),
    onSuccess: () => {
      setCurrent('');
      setPassword('');
      toast.done('Your password is changed; your other sessions have ended.');
    },
  });
  return (
    <Panel title="Password">
      <form className={classes.form} onSubmit={submitting(() => change.mutate())}>
        <ProblemNote error={change.error} />
        <PasswordInput label="Present password" autoComplete="current-password" required withAsterisk={false} value={current} onChange={(event) => setCurrent(event.currentTarget.value)} />
        <PasswordInput label="New password" description="8 characters or more; a sentence is good" autoComplete="new-password" required withAsterisk={false} value={password} onChange={(event) => setPassword(event.currentTarget.value)} error={fieldError(change.error, 'password')} />
        <div>
          <Button type="submit" variant="default" loading={change.isPending}>
            Change the password
          </Button>
        </div>
      </form>
    </Panel>
  );
}

function Roles({ user }: { user: StaffUser }) {
  return (
    <Panel title="Where you belong">
      <ul className={classes.roles}>
        {user.global_role !== null && (
          <li>
            The whole deployment <Badge variant="light">{user.global_role}</Badge>
          </li>
        )}
        {user.orgs.map(({ org_id, org_name, role }) => (
          <li key={org_id}>
            {org_name} <Badge variant="light">{role}</Badge>
          </li>
        ))}
        {user.orgs.length === 0 && user.global_role === null && <li className="muted">In no organisation; roles in projects are shown there.</li>}
      </ul>
    </Panel>
  );
}
