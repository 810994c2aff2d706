import { Badge, Button, Checkbox, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/http.js';
import { projectRoles } from '../api/queries.js';
import type { Permission, Role } from '../api/types.js';
import { Confirm } from '../components/confirm.js';
import { FormDialog } from '../components/form-dialog.js';
import { Icon } from '../components/icon.js';
import { PageHead, Panel } from '../components/page.js';
import { failed, Failed } from '../components/page-error.js';
import { PageLoading } from '../components/page-loading.js';
import { Table } from '../components/table.js';
import { Time } from '../components/time.js';
import { toast } from '../components/toasts.js';
import { useId } from '../shell/address.js';
import { useMay } from '../shell/scope.js';
import { roleLabel } from './members/place.js';
import classes from './places/places.module.css';
import user from './user/user.module.css';

const meanings: Readonly<Record<Permission, string>> = {
  'users:read': 'Read users',
  'users:write': 'Create and change users',
  'users:delete': 'Erase users',
  'roles:write': 'Give and take roles, and define them',
  'events:read': 'Read events',
  'events:write': 'Track events',
  'segments:write': 'Change lists and segments',
};

/** The roles that one can have in a project: those that all projects have, and its own. */
export function RolesPage() {
  const projectId = useId('projectId');
  const queries = useQueryClient();
  const may = useMay({ project_id: projectId });
  const found = useQuery(projectRoles(projectId));
  const [edited, setEdited] = useState<Role | 'new'>();
  const [removed, setRemoved] = useState<Role>();
  if (failed(found)) return <Failed error={found.error} again={() => void found.refetch()} />;
  if (found.data === undefined) return <PageLoading />;
  const refresh = () => queries.invalidateQueries({ queryKey: ['roles', projectId] });
  return (
    <div>
      <PageHead
        title="Roles"
        about="What people may do in this project. Three roles are everywhere; make others where none of them fits, such as for support."
        actions={
          may('roles:write') && (
            <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setEdited('new')}>
              New role
            </Button>
          )
        }
      />
      <Panel flush>
        <Table
          label="Roles"
          items={found.data}
          idOf={({ id }) => id}
          columns={[
            { title: 'Role', role: 'main', cell: ({ id, isBuiltIn }) => <><strong>{roleLabel(id)}</strong> {isBuiltIn && <span className="muted">everywhere</span>}</> },
            {
              title: 'May',
              cell: ({ permissions }) => (
                <div className={user.permissions}>
                  {permissions.length === 0 && <span className="muted">see the project, and nothing in it</span>}
                  {permissions.map((permission) => (
                    <Badge key={permission} variant="outline" color="gray" tt="none">
                      {meanings[permission]}
                    </Badge>
                  ))}
                </div>
              ),
            },
            { title: 'Changed', cell: ({ modifiedAt, isBuiltIn }) => (isBuiltIn ? <span className="muted">–</span> : <Time at={modifiedAt} />) },
            {
              title: 'Actions',
              role: 'actions',
              cell: (role) =>
                !role.isBuiltIn &&
                may('roles:write') && (
                  <>
                    <Button size="compact-xs" variant="subtle" onClick={() => setEdited(role)} aria-label={`Change ${role.id}`}>
                      Change
                    </Button>
                    <Button size="compact-xs" variant="subtle" color="red" onClick={() => setRemoved(role)} aria-label={`Remove ${role.id}`}>
                      Remove
                    </Button>
                  </>
                ),
            },
          ]}
        />
      </Panel>
      {edited !== undefined && <EditRole projectId={projectId} role={edited === 'new' ? undefined : edited} taken={found.data.map(({ id }) => id)} onClose={() => setEdited(undefined)} done={refresh} />}
      <Confirm
        opened={removed !== undefined}
        onClose={() => setRemoved(undefined)}
        title={`Remove ${removed?.id ?? ''}?`}
        label="Remove the role"
        act={async () => {
          await api.delete(`/${projectId}/roles/${removed?.id ?? ''}`);
          await refresh();
          toast.done('The role is removed.');
        }}
      >
        <p>A role that somebody holds can’t be removed: give them another first.</p>
      </Confirm>
    </div>
  );
}

function EditRole({ projectId, role, taken, onClose, done }: { projectId: string; role: Role | undefined; taken: readonly string[]; onClose: () => void; done: () => Promise<void> }) {
  const [name, setName] = useState(role?.id ?? '');
  const [permissions, setPermissions] = useState<string[]>(role?.permissions ?? ['users:read']);
  const save = useMutation({
    mutationFn: () => api.put(`/${projectId}/roles/${name.trim()}`, { body: { permissions } }),
    onSuccess: async () => {
      await done();
      toast.done('The role is saved.');
      onClose();
    },
  });
  const isTaken = role === undefined && taken.includes(name.trim());
  const isMisspelt = name.trim() !== '' && !/^[a-z][a-z0-9_-]{0,62}$/.test(name.trim());
  const mistake = isTaken ? 'There is a role of this name: change that one.' : isMisspelt ? 'Lower-case letters, digits, _ and -, beginning with a letter' : undefined;
  return (
    <FormDialog title={role === undefined ? 'New role' : `Change ${role.id}`} onClose={onClose} error={save.error} isPending={save.isPending} isReady={name.trim() !== '' && mistake === undefined} submit={() => save.mutate()}>
      <TextInput label="Name" description="Such as support" required withAsterisk={false} data-autofocus disabled={role !== undefined} value={name} onChange={(event) => setName(event.currentTarget.value)} error={mistake} />
      <Checkbox.Group label="Whoever has it may" value={permissions} onChange={setPermissions}>
        <div className={classes.permissions}>
          {Object.entries(meanings).map(([permission, meaning]) => (
            <Checkbox key={permission} value={permission} label={meaning} />
          ))}
        </div>
      </Checkbox.Group>
    </FormDialog>
  );
}
