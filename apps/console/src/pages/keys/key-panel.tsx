import { Alert, Button, MultiSelect, Select, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/http.js';
import type { KeyKind } from '../../api/keys.js';
import type { Credential } from '../../api/types.js';
import { cursorList } from '../../api/queries.js';
import { Confirm } from '../../components/confirm.js';
import confirm from '../../components/confirm.module.css';
import { CopyText } from '../../components/copy-text.js';
import { Dialog } from '../../components/dialog.js';
import { Empty } from '../../components/empty.js';
import { Icon } from '../../components/icon.js';
import { Panel } from '../../components/page.js';
import { fieldError, ProblemNote } from '../../components/problem-note.js';
import { submitting } from '../../components/submitting.js';
import { CursorTable } from '../../components/table.js';
import { Time } from '../../components/time.js';
import { toast } from '../../components/toasts.js';
import classes from './keys.module.css';

/** All credentials of one kind. @param base the address of the project or organisation in the API */
export function KeyPanel({ base, kind }: { base: string; kind: KeyKind }) {
  const queries = useQueryClient();
  const path = `${base}/${kind.path}`;
  const list = useInfiniteQuery(cursorList<Credential>(path, kind.field));
  const [makes, setMakes] = useState(false);
  const [revoked, setRevoked] = useState<Credential>();
  return (
    <Panel
      flush
      title={kind.title}
      about={kind.about}
      actions={
        <Button size="xs" variant="default" leftSection={<Icon name="plus" size={14} />} onClick={() => setMakes(true)}>
          New {kind.singular}
        </Button>
      }
    >
      <CursorTable
        label={kind.title}
        list={list}
        idOf={kind.idOf}
        empty={
          <Empty icon="key" title="None yet">
            <p>Make one, and keep what you are shown: it is shown once.</p>
          </Empty>
        }
        columns={[
          { title: 'Name', role: 'main', cell: ({ name }) => <strong>{name === '' ? 'Without a name' : name}</strong> },
          { title: 'Begins with', cell: ({ prefix }) => <code>{prefix}…</code> },
          ...(kind.roles.length === 0 ? [] : [{ title: 'Roles', cell: ({ roles }: Credential) => roles.join(', ') }]),
          { title: 'Last used', cell: ({ last_used_at }) => <Time at={last_used_at} /> },
          { title: 'Made', cell: ({ created_at }) => <Time at={created_at} /> },
          {
            title: 'Actions',
            role: 'actions',
            cell: (credential) => (
              <Button size="compact-xs" variant="subtle" color="red" onClick={() => setRevoked(credential)} aria-label={`Revoke ${credential.name}`}>
                Revoke
              </Button>
            ),
          },
        ]}
      />
      <MakeKey opened={makes} onClose={() => setMakes(false)} path={path} kind={kind} />
      <Confirm
        opened={revoked !== undefined}
        onClose={() => setRevoked(undefined)}
        title={`Revoke ${revoked?.name ?? ''}?`}
        label="Revoke"
        act={async () => {
          await api.delete(`${path}/${revoked === undefined ? '' : kind.idOf(revoked)}`);
          await queries.invalidateQueries({ queryKey: [path] });
          toast.done('It opens nothing any more.');
        }}
      >
        <p>Whatever uses it is refused within a second{kind.path === 'api-clients' ? ', with every token that it was issued' : ''}. A revoked one does not come back; make another instead.</p>
      </Confirm>
    </Panel>
  );
}

function MakeKey({ opened, onClose, path, kind }: { opened: boolean; onClose: () => void; path: string; kind: KeyKind }) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [roles, setRoles] = useState<string[]>(kind.roles.slice(0, 1).map(({ value }) => value));
  const make = useMutation({
    mutationFn: () => api.post<Record<string, unknown>>(path, { body: { name: name.trim(), ...(kind.roles.length === 0 ? {} : kind.hasManyRoles === true ? { roles } : { role: roles[0] }) } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [path] }),
  });
  const close = () => {
    onClose();
    setName('');
    make.reset();
  };
  return (
    <Dialog opened={opened} onClose={close} title={make.isSuccess ? 'Keep this now' : `New ${kind.singular}`} closeOnClickOutside={!make.isSuccess}>
      {make.isSuccess ? (
        <div className={confirm.form}>
          <Alert color="yellow" variant="light" icon={<Icon name="alert" />}>
            It is shown this once. Put it where your secrets are kept before you close this.
          </Alert>
          <dl className={classes.secrets}>
            {kind.secrets.map(([field, label]) => (
              <div key={field}>
                <dt>{label}</dt>
                <dd>
                  <CopyText text={String(make.data[field] ?? '')} />
                </dd>
              </div>
            ))}
          </dl>
          <div className={confirm.buttons}>
            <Button onClick={close}>I have kept it</Button>
          </div>
        </div>
      ) : (
        <form className={confirm.form} onSubmit={submitting(() => make.mutate())}>
          <ProblemNote error={make.error} />
          <TextInput label="Name" description="What it is for, so that you know what you revoke one day" required withAsterisk={false} data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} error={fieldError(make.error, 'name')} />
          {kind.roles.length > 0 &&
            (kind.hasManyRoles === true ? (
              <MultiSelect label="Roles" data={[...kind.roles]} value={roles} onChange={setRoles} comboboxProps={{ withinPortal: false }} />
            ) : (
              <Select label="Role" data={[...kind.roles]} value={roles[0] ?? null} onChange={(role) => setRoles(role === null ? [] : [role])} allowDeselect={false} comboboxProps={{ withinPortal: false }} />
            ))}
          <div className={confirm.buttons}>
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={make.isPending} disabled={name.trim() === '' || (kind.roles.length > 0 && roles.length === 0)}>
              Make it
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
