import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { wholeName, wholeUser } from '../api/project-users.js';
import type { WholeUser } from '../api/types.js';
import { Face } from '../components/face.js';
import { Icon } from '../components/icon.js';
import { PageHead } from '../components/page.js';
import { failed, Failed } from '../components/page-error.js';
import { PageLoading } from '../components/page-loading.js';
import { Status } from '../components/status.js';
import { Time } from '../components/time.js';
import { useAddress, useId } from '../shell/address.js';
import { AccessTab } from './user/access-tab.js';
import { ProfileTab } from './user/profile-tab.js';
import { SessionsTab } from './user/sessions-tab.js';
import { TimelineTab } from './user/timeline-tab.js';
import { UserActions } from './user/user-actions.js';
import classes from './user/user.module.css';

const tabs = { profile: ['Profile', ProfileTab], timeline: ['Time line', TimelineTab], sessions: ['Sessions', SessionsTab], access: ['Access', AccessTab] } as const;

/** One user, whole. */
export function UserPage() {
  const [projectId, userId] = [useId('projectId'), useId('userId')];
  const [{ tab = 'profile' }, change] = useAddress<'tab'>();
  const user = useQuery(wholeUser(projectId, userId));
  const back = (
    <Link to="/projects/$projectId/users" params={{ projectId }}>
      <Icon name="back" size={15} /> Users
    </Link>
  );
  if (failed(user)) {
    return (
      <div>
        <PageHead title="User" above={back} />
        <Failed error={user.error} again={() => void user.refetch()} />
      </div>
    );
  }
  if (user.data === undefined) return <PageLoading />;
  const name = wholeName(user.data);
  return (
    <div>
      <PageHead
        title={name}
        above={back}
        shownTitle={
          <span className={classes.title}>
            <Face size={48} name={name} />
            <span className={classes.titleText}>
              {name}
              <Summary user={user.data} />
            </span>
          </span>
        }
        actions={<UserActions projectId={projectId} user={user.data} />}
      />
      <Tabs value={tab in tabs ? tab : 'profile'} onChange={(next) => change({ tab: next === 'profile' ? undefined : (next ?? undefined) })} keepMounted={false}>
        <Tabs.List className={classes.tabs}>
          {Object.entries(tabs).map(([value, [label]]) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {Object.entries(tabs).map(([value, [, Content]]) => (
          <Tabs.Panel key={value} value={value} className={classes.panel}>
            <Content projectId={projectId} user={user.data} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </div>
  );
}

function Summary({ user: { status, is_staff, user_email, last_seen_at } }: { user: WholeUser }) {
  return (
    <span className={classes.summary}>
      <Status tone={status === 'active' ? 'good' : 'calm'}>{status === 'active' ? 'Active' : 'Inactive'}</Status>
      {is_staff && <span>Staff</span>}
      {user_email !== null && <span>{user_email}</span>}
      <span>
        last seen <Time at={last_seen_at} />
      </span>
    </span>
  );
}
