import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/http.js';
import { me, organisations, projects as projectsQuery, teams as teamsQuery } from '../api/queries.js';
import type { Organisation, Project, Team } from '../api/types.js';
import { Confirm } from '../components/confirm.js';
import { CopyText } from '../components/copy-text.js';
import { Empty } from '../components/empty.js';
import { Icon } from '../components/icon.js';
import { PageHead, Panel } from '../components/page.js';
import { failed, Failed } from '../components/page-error.js';
import { PageLoading } from '../components/page-loading.js';
import { Table } from '../components/table.js';
import { Time } from '../components/time.js';
import { toast } from '../components/toasts.js';
import { useId } from '../shell/address.js';
import { useMay } from '../shell/scope.js';
import { PlaceForm } from './places/place-form.js';
import { ProjectTable } from './places/project-table.js';
import { Rename } from './places/rename.js';

/** An organisation's projects and teams, and the organisation itself. */
export function OrganisationPage() {
  const orgId = useId('orgId');
  const found = useQuery({ queryKey: ['org', orgId], queryFn: ({ signal }) => api.get<Organisation>(`/v1/admin/orgs/${orgId}`, { signal }) });
  const may = useMay({ org_id: orgId });
  const { data: self } = useQuery(me);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [asks, setAsks] = useState<'rename' | 'delete'>();
  if (failed(found)) return <Failed error={found.error} again={() => void found.refetch()} />;
  if (found.data === undefined) return <PageLoading />;
  const { name, slug } = found.data;
  const refresh = () => Promise.all([queries.invalidateQueries({ queryKey: ['org', orgId] }), queries.invalidateQueries({ queryKey: organisations.queryKey })]);
  return (
    <div>
      <PageHead
        title={name}
        about={
          <>
            Short name: <CopyText text={slug} />
          </>
        }
        actions={
          <>
            {may('org:write') && (
              <Button variant="default" onClick={() => setAsks('rename')}>
                Rename
              </Button>
            )}
            {self?.global_role === 'super_admin' && (
              <Button variant="default" c="var(--rc-bad)" onClick={() => setAsks('delete')}>
                Delete …
              </Button>
            )}
          </>
        }
      />
      <Projects orgId={orgId} may={may} />
      <Teams orgId={orgId} may={may} />
      {asks === 'rename' && (
        <Rename
          title="Rename the organisation"
          name={name}
          slug={slug}
          onClose={() => setAsks(undefined)}
          save={async (changes) => {
            await api.patch(`/v1/admin/orgs/${orgId}`, { body: changes });
            await refresh();
            toast.done('The organisation is saved.');
          }}
        />
      )}
      <Confirm
        opened={asks === 'delete'}
        onClose={() => setAsks(undefined)}
        title={`Delete ${name}?`}
        label="Delete the organisation"
        typed={slug}
        act={async () => {
          await api.delete(`/v1/admin/orgs/${orgId}`);
          await navigate({ to: '/deployment/orgs' });
          queries.removeQueries({ queryKey: ['org', orgId] });
          await queries.invalidateQueries({ queryKey: organisations.queryKey });
          toast.done(`${name} is deleted.`);
        }}
      >
        <p>Its keys, its single sign-on and all memberships in it go; people who are in no other organisation are deleted with it. Delete its projects and teams first.</p>
      </Confirm>
    </div>
  );
}

function Projects({ orgId, may }: { orgId: string; may: (permission: string) => boolean }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const projects = useQuery(projectsQuery);
  const teams = useQuery(teamsQuery(orgId));
  const [makes, setMakes] = useState(false);
  const make = may('projects:create') && (
    <Button size="xs" leftSection={<Icon name="plus" size={14} />} onClick={() => setMakes(true)}>
      New project
    </Button>
  );
  return (
    <Panel flush title="Projects" about="Each is a world of its own: its users, their user names and emails, its keys." actions={make}>
      {failed(projects) ? (
        <Failed error={projects.error} again={() => void projects.refetch()} />
      ) : projects.data === undefined ? (
        <PageLoading />
      ) : (
        <ProjectTable
          projects={projects.data.filter(({ org_id }) => org_id === orgId)}
          teams={teams.data ?? []}
          empty={
            make === false ? (
              // Theirs are all that they see: the organisation may have others.
              <Empty icon="folder" title="You are in no project here">
                <p>Somebody who administers the organisation or a project can give you a role there; it then shows up here.</p>
              </Empty>
            ) : (
              <Empty icon="folder" title="No projects yet">
                <p>A project holds the users of one of your applications, apart from all others. Make one for each of production and testing.</p>
                {make}
              </Empty>
            )
          }
        />
      )}
      {makes && (
        <PlaceForm
          what="project"
          orgId={orgId}
          onClose={() => setMakes(false)}
          make={async ({ team_id, ...named }) => {
            const { project_id } = await api.post<Project>('/v1/admin/projects', { body: { org_id: orgId, ...named, ...(team_id === undefined ? {} : { team_id }) } });
            await queries.invalidateQueries({ queryKey: projectsQuery.queryKey });
            await navigate({ to: '/projects/$projectId', params: { projectId: project_id } });
          }}
        />
      )}
    </Panel>
  );
}

function Teams({ orgId, may }: { orgId: string; may: (permission: string) => boolean }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const teams = useQuery(teamsQuery(orgId));
  const [makes, setMakes] = useState(false);
  const make = may('teams:create') && (
    <Button size="xs" variant="default" leftSection={<Icon name="plus" size={14} />} onClick={() => setMakes(true)}>
      New team
    </Button>
  );
  return (
    <Panel flush title="Teams" about="People who work on the same projects: a role in the team reaches all of them." actions={make}>
      {failed(teams) ? (
        <Failed error={teams.error} again={() => void teams.refetch()} />
      ) : teams.data === undefined ? (
        <PageLoading />
      ) : teams.data.length === 0 && make === false ? (
        <Empty icon="users" title="You are in no team here">
          <p>A role in a team reaches all of its projects. Somebody who administers the organisation can give you one.</p>
        </Empty>
      ) : teams.data.length === 0 ? (
        <Empty icon="users" title="No teams yet">
          <p>With a team you give a role once, for all of its projects. Without, roles are given project by project.</p>
          {make}
        </Empty>
      ) : (
        <Table
          label="Teams"
          items={teams.data}
          idOf={({ team_id }) => team_id}
          columns={[
            {
              title: 'Team',
              role: 'main',
              cell: ({ team_id, name }) => (
                <Link to="/orgs/$orgId/teams/$teamId" params={{ orgId, teamId: team_id }}>
                  <strong>{name}</strong>
                </Link>
              ),
            },
            { title: 'Made', cell: ({ created_at }) => <Time at={created_at} /> },
          ]}
        />
      )}
      {makes && (
        <PlaceForm
          what="team"
          onClose={() => setMakes(false)}
          make={async ({ name }) => {
            const { team_id } = await api.post<Team>('/v1/admin/teams', { body: { org_id: orgId, name } });
            await queries.invalidateQueries({ queryKey: ['teams', orgId] });
            await navigate({ to: '/orgs/$orgId/teams/$teamId', params: { orgId, teamId: team_id } });
          }}
        />
      )}
    </Panel>
  );
}
