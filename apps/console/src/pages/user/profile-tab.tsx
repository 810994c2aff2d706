import { Badge } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { namesOf } from '../../api/project-users.js';
import type { WholeUser } from '../../api/types.js';
import { CopyText } from '../../components/copy-text.js';
import { Facts } from '../../components/facts.js';
import { Icon } from '../../components/icon.js';
import { Panel } from '../../components/page.js';
import { formatTime, Time } from '../../components/time.js';
import classes from './user.module.css';

/** Who they are, and what else is kept of them. */
export function ProfileTab({ projectId, user }: { projectId: string; user: WholeUser }) {
  const segments = useQuery(namesOf(projectId, 'segments'));
  const lists = useQuery(namesOf(projectId, 'lists'));
  const place = [user.city, user.region, user.country].filter((part) => part !== null).join(', ');
  return (
    <div className={classes.columns}>
      <div>
        <Panel title="Who they are">
          <Facts
            facts={[
              ['Name', [user.first_name, user.last_name].filter((part) => part !== null).join(' ') || user.name],
              ['Email', user.user_email],
              ['Phone', user.phone],
              ['User name', user.user_name],
              ['Your id', user.external_id === null ? null : <CopyText key="uid" text={user.external_id} />],
              ['Rollcall’s id', <CopyText key="id" text={user.user_id} />],
              ['Place', place],
              ['Time zone', user.timezone],
              ['Notes', user.notes],
            ]}
          />
        </Panel>
        <Panel title="Attributes">
          {Object.keys(user.attributes).length === 0 ? <p className="muted">None. Your app sends them with the user, as <code>meta</code>, <code>attributes</code> or custom fields.</p> : <Facts facts={Object.entries(user.attributes).map(([name, value]) => [name, textOf(value)])} />}
        </Panel>
        {Object.keys(user.preferences).length > 0 && (
          <Panel title="Preferences">
            <Facts facts={Object.entries(user.preferences).map(([name, value]) => [name, textOf(value)])} />
          </Panel>
        )}
      </div>
      <div>
        <Panel title="Segments">
          {user.segments.length === 0 ? (
            <p className="muted">In none.</p>
          ) : (
            <div className={classes.badges}>
              {user.segments.map(({ segment_id, suppressed }) => (
                <Badge key={segment_id} variant="light" tt="none" color={suppressed ? 'gray' : undefined}>
                  {segments.data?.get(segment_id) ?? '…'}
                  {suppressed && ' (gets nothing)'}
                </Badge>
              ))}
            </div>
          )}
        </Panel>
        <Panel title="Lists">
          {user.lists.length === 0 ? (
            <p className="muted">On none.</p>
          ) : (
            <div className={classes.badges}>
              {user.lists.map(({ list_id, subscribed }) => (
                <Badge key={list_id} variant={subscribed ? 'light' : 'outline'} color={subscribed ? undefined : 'gray'} tt="none">
                  {lists.data?.get(list_id) ?? '…'}
                  {!subscribed && ' (left)'}
                </Badge>
              ))}
            </div>
          )}
        </Panel>
        <Panel title="Devices" about={user.devices.length === 0 ? undefined : 'The last five that were told of.'}>
          {user.devices.length === 0 ? (
            <p className="muted">None.</p>
          ) : (
            <ul className={classes.devices}>
              {user.devices.map(({ platform, token }) => (
                <li key={token}>
                  <Icon name="device" size={17} />
                  {platform === 'ios' ? 'iOS' : 'Android'} <code title={token}>{token.length > 24 ? `${token.slice(0, 20)}…` : token}</code>
                </li>
              ))}
            </ul>
          )}
        </Panel>
        {(user.is_account || user.accounts.length > 0) && (
          <Panel title="Accounts">
            {user.is_account && <p className="muted">This is an account that others belong to.</p>}
            <Facts facts={user.accounts.map(({ id, role }) => [id, role ?? 'member'])} />
          </Panel>
        )}
        <Panel title="When">
          <Facts
            facts={[
              ['Created', <Time key="created" at={user.created_at} />],
              ['Changed', <Time key="changed" at={user.modified_at} />],
              ['First seen', <Time key="first" at={user.first_seen_at} />],
              ['Last seen', <Time key="last" at={user.last_seen_at} />],
              ...Object.entries(user.activity).map(([name, value]) => [name.replaceAll('_', ' '), /^\d{4}-\d\d-\d\dT/.test(value) ? formatTime(value) : value] as const),
            ]}
          />
        </Panel>
      </div>
    </div>
  );
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}
