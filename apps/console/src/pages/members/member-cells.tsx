import { ActionIcon, Menu, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { me } from '../../api/queries.js';
import { Face } from '../../components/face.js';
import { Icon } from '../../components/icon.js';
import classes from './members.module.css';
import type { MembersPlace } from './place.js';
import { nameOf, type MemberRow } from './use-members.js';

/** Who it is; in an organisation with the way to all that they are there. */
export function PersonCell({ place, member }: { place: MembersPlace; member: MemberRow }) {
  const { data: self } = useQuery(me);
  const name = <strong>{nameOf(member)}</strong>;
  return (
    <span className={classes.person}>
      <Face size={32} name={nameOf(member)} />
      <span>
        {place.level === 'organisation' ? (
          <Link to="/orgs/$orgId/people/$userId" params={{ orgId: place.id, userId: member.user_id }}>
            {name}
          </Link>
        ) : (
          name
        )}
        {self?.user_id === member.user_id && <span className="muted"> (you)</span>}
        {member.user_name !== null && <small className="muted">{member.user_email}</small>}
      </span>
    </span>
  );
}

/** Their role, to be changed. */
export function RoleCell({ member, roles, onChange }: { member: MemberRow; roles: { value: string; label: string }[]; onChange: (role: string) => void }) {
  // One that was removed since is still theirs.
  const shown = roles.some(({ value }) => value === member.role) ? roles : [...roles, { value: member.role, label: member.role }];
  return (
    <Select
      size="xs"
      aria-label={`Role of ${nameOf(member)}`}
      className={classes.role}
      data={shown}
      value={member.role}
      allowDeselect={false}
      onChange={(role) => role !== null && role !== member.role && onChange(role)}
    />
  );
}

interface ActionsProps {
  place: MembersPlace;
  member: MemberRow;
  onStatus: (status: 'active' | 'inactive') => void;
  onTakeOut: () => void;
}

export function ActionsCell({ place, member, onStatus, onTakeOut }: ActionsProps) {
  const hasStatus = place.level === 'organisation';
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${nameOf(member)}`}>
          <Icon name="dots" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {hasStatus && member.status === 'active' && <Menu.Item onClick={() => onStatus('inactive')}>Deactivate here</Menu.Item>}
        {hasStatus && member.status === 'inactive' && <Menu.Item onClick={() => onStatus('active')}>Activate here</Menu.Item>}
        <Menu.Item color="red" onClick={onTakeOut}>
          Take out of {place.name}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
