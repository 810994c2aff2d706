import { Badge } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import { api } from '../../api/http.js';
import type { WholeUser } from '../../api/project-users.js';
import { access } from '../../api/queries.js';
import type { Access } from '../../api/types.js';
import { Icon } from '../../components/icon.js';
import { Panel } from '../../components/page.js';
import { Failed } from '../../components/page-error.js';
import { PageLoading } from '../../components/page-loading.js';
import { useScope } from '../../shell/scope.js';
import classes from './user.module.css';

const levels = ['deployment', 'organisation', 'team', 'project'] as const;
type Level = (typeof levels)[number];

interface ProjectRole {
  role: string;
  permissions: string[];
}

/** What they may do here, and by which paths. */
export function AccessTab({ projectId, user }: { projectId: string; user: WholeUser }) {
  return user.is_staff ? <OfStaff projectId={projectId} userId={user.user_id} /> : <OfUser projectId={projectId} roles={user.roles} />;
}

function OfStaff({ projectId, userId }: { projectId: string; userId: string }) {
  const found = useQuery(access(userId, { project_id: projectId }));
  if (found.isError) return <Failed error={found.error} again={() => void found.refetch()} />;
  if (found.data === undefined) return <PageLoading />;
  return <Picture roles={found.data.roles} permissions={found.data.permissions} />;
}

/** A user at home here holds what they were given in the project itself. */
function OfUser({ projectId, roles }: { projectId: string; roles: string[] }) {
  const all = useQuery({ queryKey: ['roles', projectId], queryFn: ({ signal }) => api.get<{ roles?: ProjectRole[]; data?: ProjectRole[] }>(`/${projectId}/roles`, { signal }) });
  if (all.isError) return <Failed error={all.error} again={() => void all.refetch()} />;
  if (all.data === undefined) return <PageLoading />;
  const known = all.data.data ?? all.data.roles ?? [];
  const permissions = [...new Set(roles.flatMap((role) => known.find((each) => each.role === role)?.permissions ?? []))];
  return <Picture roles={roles.map((role) => ({ level: 'project' as const, role, path: 'direct' as const }))} permissions={permissions} />;
}

function Picture({ roles, permissions }: Pick<Access, 'roles' | 'permissions'>) {
  const { project, organisation } = useScope();
  const names: Readonly<Record<Level, string>> = { deployment: 'The deployment', organisation: organisation?.name ?? 'The organisation', team: 'The team', project: project?.name ?? 'This project' };
  return (
    <>
      <Panel title="How they reach this project" about="Each line is a role that was given somewhere, and the way from there to here.">
        {roles.length === 0 ? (
          <p className="muted">They hold no role here: they can log in and act for themselves, and administer nothing.</p>
        ) : (
          <ul className={classes.paths}>
            {roles.map(({ level, role }) => (
              <li key={`${level} ${role}`} className={classes.path} aria-label={`${role}, given in ${names[level]}`}>
                {levels.slice(levels.indexOf(level)).filter((each) => each === level || each === 'project').map((each, index) => (
                  <Fragment key={each}>
                    {index > 0 && (
                      <span className={classes.arrow}>
                        <Icon name="chevron-right" size={18} />
                      </span>
                    )}
                    <span className={classes.node} data-given={each === level ? '' : undefined}>
                      <small>{each === level ? `Given in ${each === 'project' ? 'this project' : names[each]}` : 'Reaches'}</small>
                      <strong>{each === level ? role : names[each]}</strong>
                    </span>
                  </Fragment>
                ))}
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <Panel title="What that lets them do">
        {permissions.length === 0 ? (
          <p className="muted">Nothing here.</p>
        ) : (
          <div className={classes.permissions}>
            {permissions.map((permission) => (
              <Badge key={permission} variant="outline" color="gray" tt="none">
                {permission}
              </Badge>
            ))}
          </div>
        )}
      </Panel>
    </>
  );
}
