import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { api } from '../api/http.js';
import type { ProjectUser } from '../api/types.js';
import { nameOf } from '../api/users.js';
import { Facts } from '../components/facts.js';
import { Icon } from '../components/icon.js';
import { PageHead, Panel } from '../components/page.js';
import { Failed } from '../components/page-error.js';
import { PageLoading } from '../components/page-loading.js';
import { Time } from '../components/time.js';

export function UserPage() {
  const { projectId = '', userId = '' } = useParams({ strict: false }) as { projectId?: string; userId?: string };
  const user = useQuery({ queryKey: ['user', projectId, userId], queryFn: ({ signal }) => api.get<ProjectUser>(`/${projectId}/users/${userId}`, { signal }) });
  if (user.isError) return <Failed error={user.error} again={() => void user.refetch()} />;
  if (user.data === undefined) return <PageLoading />;
  const { email, username, mobilePhone, createdAt, modifiedAt, attributes } = user.data;
  return (
    <div>
      <PageHead
        title={nameOf(user.data)}
        above={
          <Link to="/projects/$projectId/users" params={{ projectId }}>
            <Icon name="back" size={15} /> Users
          </Link>
        }
      />
      <Panel title="Who they are">
        <Facts
          facts={[
            ['Email', email],
            ['User name', username],
            ['Phone', mobilePhone],
            ['Id', <code key="id">{userId}</code>],
            ['Created', <Time key="created" at={createdAt} />],
            ['Changed', <Time key="changed" at={modifiedAt} />],
          ]}
        />
      </Panel>
      <Panel title="Attributes">
        <Facts facts={Object.entries(attributes).map(([name, value]) => [name, String(value)])} />
      </Panel>
    </div>
  );
}
