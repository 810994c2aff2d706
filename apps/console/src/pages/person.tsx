import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, download } from '../api/http.js';
import type { Memberships, StaffUser } from '../api/types.js';
import { Confirm } from '../components/confirm.js';
import { CopyText } from '../components/copy-text.js';
import { Face } from '../components/face.js';
import { Facts } from '../components/facts.js';
import { Icon } from '../components/icon.js';
import { PageHead, Panel } from '../components/page.js';
import { failed, Failed } from '../components/page-error.js';
import { PageLoading } from '../components/page-loading.js';
import { Status } from '../components/status.js';
import { Table } from '../components/table.js';
import { Time } from '../components/time.js';
import { toast } from '../components/toasts.js';
import { useId } from '../shell/address.js';
import { useMay } from '../shell/scope.js';
import { roleLabel, staffStates } from './members/place.js';
import user from './user/user.module.css';

/** One of the staff: who they are, and where they were given what. */
export function PersonPage() {
  const [orgId, userId] = [useId('orgId'), useId('userId')];
  const path = `/v1/admin/users/${userId}`;
  const person = useQuery({ queryKey: [path], queryFn: ({ signal }) => api.get<StaffUser>(path, { signal }) });
  const may = useMay({ org_id: orgId });
  const back = (
    <Link to="/orgs/$orgId/people" params={{ orgId }}>
      <Icon name="back" size={15} /> People
    </Link>
  );
  if (failed(person)) {
    return (
      <div>
        <PageHead title="Person" above={back} />
        <Failed error={person.error} again={() => void person.refetch()} />
      </div>
    );
  }
  if (person.data === undefined) return <PageLoading />;
  const { user_name, user_email, status, last_login_at, created_at, orgs, global_role } = person.data;
  const name = user_name ?? user_email ?? userId;
  return (
    <div>
      <PageHead
        title={name}
        above={back}
        shownTitle={
          <span className={user.title}>
            <Face size={48} name={name} />
            <span className={user.titleText}>{name}</span>
          </span>
        }
        actions={<Actions path={path} name={name} orgId={orgId} may={may} />}
      />
      <Panel title="Who they are">
        <Facts
          facts={[
            ['Email', user_email],
            ['Status', <Status key="status" tone={staffStates[status][0]}>{staffStates[status][1]}</Status>],
            ['Last login', <Time key="login" at={last_login_at} />],
            ['Here since', <Time key="since" at={created_at} />],
            ['Id', <CopyText key="id" text={userId} />],
          ]}
        />
      </Panel>
      <Panel title="Organisations" about="Those that you are in as well.">
        <Facts facts={[...(global_role === null ? [] : [['The whole deployment', roleLabel(global_role)] as const]), ...orgs.map(({ org_name, role, status: there }) => [org_name, there === 'active' ? roleLabel(role) : `${roleLabel(role)} (${staffStates[there][1].toLowerCase()})`] as const)]} />
      </Panel>
      <Given path={path} orgId={orgId} />
    </div>
  );
}

function Given({ path, orgId }: { path: string; orgId: string }) {
  const found = useQuery({ queryKey: [path, 'memberships'], queryFn: ({ signal }) => api.get<Memberships>(`${path}/memberships`, { signal }) });
  if (failed(found)) return <Failed error={found.error} again={() => void found.refetch()} />;
  if (found.data === undefined) return <PageLoading />;
  const given = [
    ...found.data.teams.map(({ team_id, team_name, role, assigned_at }) => ({ id: team_id, kind: 'Team', name: team_name, role, assigned_at })),
    ...found.data.projects.map(({ project_id, project_name, role, assigned_at }) => ({ id: project_id, kind: 'Project', name: project_name, role, assigned_at })),
  ];
  return (
    <Panel title="Teams and projects" about="Where they were given a role themselves. An organisation’s or a team’s role reaches further: a project’s staff page says why somebody is there." flush={given.length > 0}>
      {given.length === 0 ? (
        <p className="muted">None. A role is given under a team’s people, or a project’s staff.</p>
      ) : (
        <Table
          label="Teams and projects"
          items={given}
          idOf={({ id, role }) => `${id} ${role}`}
          columns={[
            {
              title: 'Where',
              role: 'main',
              cell: ({ id, kind, name }) =>
                kind === 'Team' ? (
                  <Link to="/orgs/$orgId/teams/$teamId" params={{ orgId, teamId: id }}>
                    <strong>{name}</strong>
                  </Link>
                ) : (
                  <Link to="/projects/$projectId/staff" params={{ projectId: id }}>
                    <strong>{name}</strong>
                  </Link>
                ),
            },
            { title: 'What', cell: ({ kind }) => kind },
            { title: 'Role', cell: ({ role }) => roleLabel(role) },
            { title: 'Since', cell: ({ assigned_at }) => <Time at={assigned_at} /> },
          ]}
        />
      )}
    </Panel>
  );
}

function Actions({ path, name, orgId, may }: { path: string; name: string; orgId: string; may: (permission: string) => boolean }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [asks, setAsks] = useState(false);
  const refresh = () => queries.invalidateQueries({ predicate: ({ queryKey: [key] }) => key === path || (typeof key === 'string' && (key.endsWith('/members') || key === '/v1/admin/users')) });
  const restore = async () => {
    await api.post(`${path}/restore`);
    await refresh();
    toast.done(`${name} is back.`);
  };
  return (
    <>
      {may('staff:export') && (
        <Button variant="default" leftSection={<Icon name="download" size={16} />} onClick={() => void download(`${path}/export`, 'person.ndjson').catch(toast.failed)}>
          Everything about them
        </Button>
      )}
      {may('staff:delete') && (
        <Button variant="default" c="var(--rc-bad)" onClick={() => setAsks(true)}>
          Delete …
        </Button>
      )}
      <Confirm
        opened={asks}
        onClose={() => setAsks(false)}
        title={`Delete ${name}?`}
        label="Delete them"
        act={async () => {
          await api.delete(path);
          await navigate({ to: '/orgs/$orgId/people', params: { orgId } });
          await refresh();
          toast.done(`${name} is deleted, and is erased in some weeks.`, { label: 'Undo', run: () => void restore().catch(toast.failed) });
        }}
      >
        <p>Their sessions end, lists hide them, and they can’t log in. They can be restored for 30 days, unless the deployment says otherwise; then they are erased. Whoever is in another organisation as well can only be taken out of this one.</p>
      </Confirm>
    </>
  );
}
