import { useQuery } from '@tanstack/react-query';
import { Link, Navigate } from '@tanstack/react-router';
import { me } from '../api/queries.js';
import { Empty } from '../components/empty.js';
import { PageHead } from '../components/page.js';
import { PageLoading } from '../components/page-loading.js';
import { useMay, useScope } from '../shell/scope.js';

/** Leads to the project of the last visit. */
export function HomePage() {
  const { project, organisation, isLoading } = useScope();
  const { data: self } = useQuery(me);
  const may = useMay(organisation === undefined ? undefined : { org_id: organisation.org_id });
  if (isLoading) return <PageLoading />;
  if (project !== undefined) return <Navigate to="/projects/$projectId" params={{ projectId: project.project_id }} replace />;
  if (organisation !== undefined && may('org:read')) return <Navigate to="/orgs/$orgId" params={{ orgId: organisation.org_id }} replace />;
  return (
    <div>
      <PageHead title="Welcome" />
      <Empty icon="folder" title="You are in no project yet">
        {self?.global_role === 'super_admin' ? (
          <p>
            Begin by making an <Link to="/deployment/orgs">organisation</Link>, and a project in it.
          </p>
        ) : (
          <p>Somebody who administers an organisation or a project can give you a role there; it then shows up here.</p>
        )}
      </Empty>
    </div>
  );
}
