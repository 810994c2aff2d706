import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/http.js';
import { projects as projectsQuery } from '../api/queries.js';
import type { Project, Team } from '../api/types.js';
import { Confirm } from '../components/confirm.js';
import { Empty } from '../components/empty.js';
import { Icon } from '../components/icon.js';
import { PageHead, Panel } from '../components/page.js';
import { failed, Failed } from '../components/page-error.js';
import { PageLoading } from '../components/page-loading.js';
import { toast } from '../components/toasts.js';
import { useId } from '../shell/address.js';
import { useMay } from '../shell/scope.js';
import { InviteButton } from './members/invite.js';
import { MemberTable } from './members/member-table.js';
import { PlaceForm } from './places/place-form.js';
import { ProjectTable } from './places/project-table.js';
import { Rename } from './places/rename.js';

/** A team: its people, and the projects that they reach through it. */
export function TeamPage() {
  const [orgId, teamId] = [useId('orgId'), useId('teamId')];
  const queries = useQueryClient();
  const navigate = useNavigate();
  const found = useQuery({ queryKey: ['team', teamId], queryFn: ({ signal }) => api.get<Team>(`/v1/admin/teams/${teamId}`, { signal }) });
  const projects = useQuery(projectsQuery);
  const may = useMay({ team_id: teamId });
  const [asks, setAsks] = useState<'rename' | 'delete' | 'project'>();
  const back = (
    <Link to="/orgs/$orgId" params={{ orgId }}>
      <Icon name="back" size={15} /> Projects and teams
    </Link>
  );
  if (failed(found)) return <Failed error={found.error} again={() => void found.refetch()} />;
  if (found.data === undefined) return <PageLoading />;
  const { name } = found.data;
  const place = { level: 'team', id: teamId, name } as const;
  const close = () => setAsks(undefined);
  const refresh = () => Promise.all([queries.invalidateQueries({ queryKey: ['team', teamId] }), queries.invalidateQueries({ queryKey: ['teams', orgId] })]);
  return (
    <div>
      <PageHead
        title={name}
        above={back}
        about="A team. Whoever has a role in it reaches all of its projects."
        actions={
          <>
            {may('roles:write') && <InviteButton place={place} />}
            {may('team:write') && (
              <Button variant="default" onClick={() => setAsks('rename')}>
                Rename
              </Button>
            )}
            {may('team:delete') && (
              <Button variant="default" c="var(--rc-bad)" onClick={() => setAsks('delete')}>
                Delete …
              </Button>
            )}
          </>
        }
      />
      <Panel flush title="People">
        <MemberTable place={place} mayChange={may('roles:write')} />
      </Panel>
      <Panel
        flush
        title="Projects"
        actions={
          may('projects:create') && (
            <Button size="xs" variant="default" leftSection={<Icon name="plus" size={14} />} onClick={() => setAsks('project')}>
              New project
            </Button>
          )
        }
      >
        <ProjectTable
          projects={(projects.data ?? []).filter(({ team_id }) => team_id === teamId)}
          empty={
            <Empty icon="folder" title="No projects yet">
              {may('projects:create') && <p>Make one here, or take a project into the team under its settings.</p>}
            </Empty>
          }
        />
      </Panel>
      {asks === 'rename' && (
        <Rename
          title="Rename the team"
          name={name}
          onClose={close}
          save={async (changes) => {
            await api.patch(`/v1/admin/teams/${teamId}`, { body: changes });
            await refresh();
            toast.done('The team is saved.');
          }}
        />
      )}
      {asks === 'project' && (
        <PlaceForm
          what="project"
          teamId={teamId}
          onClose={close}
          make={async (named) => {
            const { project_id } = await api.post<Project>('/v1/admin/projects', { body: { org_id: orgId, ...named } });
            await queries.invalidateQueries({ queryKey: projectsQuery.queryKey });
            await navigate({ to: '/projects/$projectId', params: { projectId: project_id } });
          }}
        />
      )}
      <Confirm
        opened={asks === 'delete'}
        onClose={close}
        title={`Delete ${name}?`}
        label="Delete the team"
        act={async () => {
          await api.delete(`/v1/admin/teams/${teamId}`);
          await navigate({ to: '/orgs/$orgId', params: { orgId } });
          queries.removeQueries({ queryKey: ['team', teamId] });
          await queries.invalidateQueries({ queryKey: ['teams', orgId] });
          toast.done(`${name} is deleted.`);
        }}
      >
        <p>Its people lose their role in it, and stay in the organisation. A team that still has projects can’t be deleted: take them out under their settings first.</p>
      </Confirm>
    </div>
  );
}
