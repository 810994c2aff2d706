import { Badge } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import { access, projectRoles } from '../../api/queries.js';
import type { Access, WholeUser } from '../../api/types.js';
import { Icon } from '../../components/icon.js';
import { Panel } from '../../components/page.js';
import { failed, Failed } from '../../components/page-error.js';
import { PageLoading } from '../../components/page-loading.js';
import { useScope } from '../../shell/scope.js';
import classes from './user.module.css';

const levels: readonly string[] = ['deployment', 'organisation', 'team', 'project'];

/** What they may do here, and by which paths. */
export function AccessTab({ projectId, user }: { projectId: string; user: WholeUser }) {
  return user.is_staff ? <OfStaff projectId={projectId} userId={user.user_id} /> : <OfUser projectId={projectId} roles={user.roles} />;
}

function OfStaff({ projectId, userId }: { projectId: string; userId: string }) {
  const found = useQuery(access(userId, { project_id: projectId }));
  if (failed(found)) return <Failed error={found.error} again={() => void found.refetch()} />;
  if (found.data === undefined) return <PageLoading />;
  return <Picture roles={found.data.roles} permissions={found.data.permissions} />;
}

/** A user at home here holds what they were given in the project itself. */
function OfUser({ projectId, roles }: { projectId: string; roles: string[] }) {
  const all = useQuery(projectRoles(projectId));
  if (failed(all)) return <Failed error={all.error} again={() => void all.refetch()} />;
  if (all.data === undefined) return <PageLoading />;
  const permissions = [...new Set(roles.flatMap((role) => all.data.find(({ id }) => id === role)?.permissions ?? []))];
  return <Picture roles={roles.map((role) => ({ level: 'project', role, path: 'direct' }))} permissions={permissions} />;
}

function Picture({ roles, permissions }: Pick<Access, 'roles' | 'permissions'>) {
  const { project, organisation } = useScope();
  const names: Readonly<Record<string, string>> = { deployment: 'The deployment', organisation: organisation?.name ?? 'The organisation', team: 'The team', project: project?.name ?? 'This project' };
  const nameOf = (level: string) => names[level] ?? level;
  return (
    <>
      <Panel title="How they reach this project" about="Each line is a role that was given somewhere, and the way from there to here.">
        {roles.length === 0 ? (
          <p className="muted">They hold no role here: they can log in and act for themselves, and administer nothing.</p>
        ) : (
          <ul className={classes.paths}>
            {roles.map(({ level, role }) => (
              <li key={`${level} ${role}`} className={classes.path} aria-label={`${role}, given in ${nameOf(level)}`}>
                {levels.slice(levels.indexOf(level)).filter((each) => each === level || each === 'project').map((each, index) => (
                  <Fragment key={each}>
                    {index > 0 && (
                      <span className={classes.arrow}>
                        <Icon name="chevron-right" size={18} />
                      </span>
                    )}
                    <span className={classes.node} data-given={each === level ? '' : undefined}>
                      <small>{each === level ? `Given in ${each === 'project' ? 'this project' : nameOf(each)}` : 'Reaches'}</small>
                      <strong>{each === level ? role : nameOf(each)}</strong>
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
