import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { namesOf } from '../api/project-users.js';
import { nameOf, userPage } from '../api/users.js';
import { Face } from '../components/face.js';
import { Icon, type IconName } from '../components/icon.js';
import { PageHead, Panel } from '../components/page.js';
import { failed, Failed } from '../components/page-error.js';
import { formatNumber, Time } from '../components/time.js';
import { useId } from '../shell/address.js';
import { useMay, useScope } from '../shell/scope.js';
import { FigureCharts } from './home/figure-charts.js';
import members from './members/members.module.css';
import classes from './project-home.module.css';

/** Where one begins: how large the project is, who came last, and what to do first where nobody has. */
export function ProjectHomePage() {
  const projectId = useId('projectId');
  const { project, organisation } = useScope();
  const may = useMay({ project_id: projectId });
  const newest = useQuery(userPage(projectId, { conditions: [] }, 1));
  const inactive = useQuery(userPage(projectId, { status: 'inactive', conditions: [] }, 1));
  const segments = useQuery(namesOf(projectId, 'segments'));
  const lists = useQuery(namesOf(projectId, 'lists'));
  const total = newest.data?.metadata.count;
  return (
    <div>
      <PageHead title={project?.name ?? 'Project'} about={organisation === undefined ? undefined : `A project of ${organisation.name}`} />
      {failed(newest) ? (
        <Failed error={newest.error} again={() => void newest.refetch()} />
      ) : (
        <>
          <div className={classes.figures}>
            <Figure to={`/projects/${projectId}/users`} icon="users" label="Users" value={total} />
            <Figure to={`/projects/${projectId}/users?status=inactive`} icon="lock" label="Inactive users" value={inactive.data?.metadata.count} />
            <Figure to={`/projects/${projectId}/segments`} icon="filter" label="Segments" value={segments.data?.size} />
            <Figure to={`/projects/${projectId}/lists`} icon="list" label="Lists" value={lists.data?.size} />
          </div>
          {/* The staff with a role are users of the project too, so a new one is not quite empty. */}
          {total !== undefined && total <= 2 ? (
            <FirstSteps projectId={projectId} />
          ) : (
            <>
              {may('events:read') && <FigureCharts projectId={projectId} />}
              <Panel title="Who came last">
                <ul className={classes.newest}>
                  {newest.data?.data.slice(0, 8).map((user) => (
                    <li key={user.id}>
                      <span className={members.person}>
                        <Face size={30} name={nameOf(user)} />
                        <Link to="/projects/$projectId/users/$userId" params={{ projectId, userId: user.id }}>
                          {nameOf(user)}
                        </Link>
                      </span>
                      <Time at={user.createdAt} />
                    </li>
                  ))}
                </ul>
              </Panel>
            </>
          )}
        </>
      )}
    </div>
  );
}

function Figure({ to, icon, label, value }: { to: string; icon: IconName; label: string; value: number | undefined }) {
  const [path = '', query = ''] = to.split('?');
  return (
    <Link to={path as '/'} search={Object.fromEntries(new URLSearchParams(query))} className={classes.figure}>
      <span className={classes.icon}>
        <Icon name={icon} />
      </span>
      <span>{label}</span>
      <strong>{value === undefined ? '…' : formatNumber(value)}</strong>
    </Link>
  );
}

function FirstSteps({ projectId }: { projectId: string }) {
  const steps: readonly (readonly [title: string, text: ReactNode])[] = [
    ['Make a key', <>Under <Link key="keys" to="/projects/$projectId/keys" params={{ projectId }}>Keys</Link>: an engagement key for your app.</>],
    ['Send your first user', <code key="user">{`curl -u "KEY:" --json '{"id":"ada","first_name":"Ada"}' ${location.origin}/v1/users`}</code>],
    ['Track what they do', <code key="event">{`curl -u "KEY:" --json '{"event":"Signed up"}' ${location.origin}/v1/users/ada/events`}</code>],
    ['See them', <>They are under <Link key="users" to="/projects/$projectId/users" params={{ projectId }}>Users</Link>, with the event on their time line.</>],
  ];
  return (
    <Panel title="First steps">
      <ol className={classes.steps}>
        {steps.map(([title, text]) => (
          <li key={title}>
            <strong>{title}</strong>
            <div>{text}</div>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
