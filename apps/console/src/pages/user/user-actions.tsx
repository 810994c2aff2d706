import { Button, Menu, PasswordInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, download, erase } from '../../api/http.js';
import { wholeName, wholeUser } from '../../api/project-users.js';
import type { WholeUser } from '../../api/types.js';
import { Confirm } from '../../components/confirm.js';
import confirm from '../../components/confirm.module.css';
import { Dialog } from '../../components/dialog.js';
import { Icon } from '../../components/icon.js';
import { fieldError, ProblemNote } from '../../components/problem-note.js';
import { submitting } from '../../components/submitting.js';
import { toast } from '../../components/toasts.js';
import { useMay } from '../../shell/scope.js';

type Open = 'close' | 'password' | 'erase';

/** What can be done with a user. Staff are changed where they are at home. */
export function UserActions({ projectId, user }: { projectId: string; user: WholeUser }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const may = useMay({ project_id: projectId });
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const name = wholeName(user);
  const refresh = async () => {
    await queries.invalidateQueries({ queryKey: wholeUser(projectId, user.user_id).queryKey });
    void queries.invalidateQueries({ queryKey: ['users', projectId] });
  };
  const setActive = async (isActive: boolean) => {
    await api.post(`/${projectId}/users/${user.user_id}/status`, { body: { isActive } });
    await refresh();
  };
  const activate = useMutation({ mutationFn: () => setActive(true), onSuccess: () => toast.done(`${name} is active again.`), onError: toast.failed });
  if (user.is_staff) return null;
  const mayWrite = may('users:write');
  return (
    <>
      {mayWrite && user.status === 'inactive' && (
        <Button loading={activate.isPending} onClick={() => activate.mutate()}>
          Activate
        </Button>
      )}
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button variant="default" rightSection={<Icon name="chevron-down" size={15} />}>
            Actions
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {mayWrite && (
            <Menu.Item leftSection={<Icon name="key" size={16} />} onClick={() => setOpen('password')}>
              Give them a password
            </Menu.Item>
          )}
          {mayWrite && user.status === 'active' && (
            <Menu.Item leftSection={<Icon name="lock" size={16} />} onClick={() => setOpen('close')}>
              Deactivate
            </Menu.Item>
          )}
          {may('users:export') && (
            <Menu.Item leftSection={<Icon name="download" size={16} />} onClick={() => void download(`/v1/admin/users/${user.user_id}/export`, `${user.uid}.ndjson`, { project_id: projectId }).catch(toast.failed)}>
              Download everything about them
            </Menu.Item>
          )}
          {may('users:delete') && (
            <>
              <Menu.Divider />
              <Menu.Item color="red" leftSection={<Icon name="trash" size={16} />} onClick={() => setOpen('erase')}>
                Erase for good
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={open === 'close'}
        onClose={close}
        title={`Deactivate ${name}?`}
        label="Deactivate"
        act={async () => {
          await setActive(false);
          toast.done(`${name} is inactive.`, { label: 'Undo', run: () => activate.mutate() });
        }}
      >
        <p>They are logged out everywhere within a second and can’t log in. Their data stays, and you can activate them again.</p>
      </Confirm>
      <GivePassword opened={open === 'password'} onClose={close} projectId={projectId} user={user} />
      <Confirm
        opened={open === 'erase'}
        onClose={close}
        title={`Erase ${name}?`}
        label="Erase for good"
        typed="erase"
        act={async () => {
          const jobId = await erase(`/${projectId}/users/${user.user_id}`);
          queries.removeQueries({ queryKey: wholeUser(projectId, user.user_id).queryKey });
          void queries.invalidateQueries({ queryKey: ['users', projectId] });
          if (jobId === null) await navigate({ to: '/projects/$projectId/users', params: { projectId } });
          else await navigate({ to: '/projects/$projectId/erasures/$jobId', params: { projectId, jobId } });
        }}
      >
        <p>What happens:</p>
        <ul>
          <li>They are gone from every list and log in nowhere, at once.</li>
          <li>Profile, events, devices, lists, passwords, sessions and roles are removed in every service within minutes.</li>
          <li>A signed receipt says what was removed. It names nobody.</li>
          <li>Late data that names them is refused, so that they don’t come back by accident.</li>
        </ul>
        <p>
          <strong>Nothing brings them back.</strong>
        </p>
      </Confirm>
    </>
  );
}

function GivePassword({ opened, onClose, projectId, user }: { opened: boolean; onClose: () => void; projectId: string; user: WholeUser }) {
  const [password, setPassword] = useState('');
  const give = useMutation({
    mutationFn: () => api.post(`/${projectId}/users/${user.user_id}/change-password`, { body: { password } }),
    onSuccess: () => {
      toast.done('The password is set; their sessions have ended.');
      close();
    },
  });
  const close = () => {
    setPassword('');
    give.reset();
    onClose();
  };
  return (
    <Dialog opened={opened} onClose={close} title="Give them a password">
      <form className={confirm.form} onSubmit={submitting(() => give.mutate())}>
        <ProblemNote error={give.error} />
        <PasswordInput label="Password" description="8 characters or more. Tell it to them on a safe way; their sessions end." autoComplete="new-password" required withAsterisk={false} data-autofocus value={password} onChange={(event) => setPassword(event.currentTarget.value)} error={fieldError(give.error, 'password')} />
        <div className={confirm.buttons}>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={give.isPending}>
            Set the password
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
