import { useState } from 'react';
import { Confirm } from '../../components/confirm.js';
import { Empty } from '../../components/empty.js';
import { Status } from '../../components/status.js';
import { CursorTable, type Column } from '../../components/table.js';
import { Time } from '../../components/time.js';
import { ActionsCell, PersonCell, RoleCell } from './member-cells.js';
import { roleLabel, staffStates, type MembersPlace } from './place.js';
import { nameOf, useMemberChanges, useMembers, useRoles, type MemberRow } from './use-members.js';

interface Props {
  place: MembersPlace;
  mayChange: boolean;
  /** In an organisation: only those with this in their name or email. */
  search?: string;
}

/** Who was given a role at a place, to be changed where one may. */
export function MemberTable({ place, mayChange, search = '' }: Props) {
  const list = useMembers(place, search);
  const roles = useRoles(place);
  const { change, takeOut } = useMemberChanges(place);
  const [leaving, setLeaving] = useState<MemberRow>();
  const columns: Column<MemberRow>[] = [
    { title: 'Person', role: 'main', cell: (member) => <PersonCell place={place} member={member} /> },
    { title: 'Role', cell: (member) => (mayChange ? <RoleCell member={member} roles={roles} onChange={(role) => change({ member, role })} /> : roleLabel(member.role)) },
  ];
  if (place.level === 'organisation') columns.push({ title: 'Status', cell: ({ status = 'active' }) => <Status tone={staffStates[status][0]}>{staffStates[status][1]}</Status> });
  if (search === '') columns.push({ title: 'Since', cell: ({ assigned_at = null }) => <Time at={assigned_at} /> });
  columns.push({ title: 'Actions', role: 'actions', cell: (member) => mayChange && <ActionsCell place={place} member={member} onStatus={(status) => change({ member, status })} onTakeOut={() => setLeaving(member)} /> });
  return (
    <>
      <CursorTable label={`People of ${place.name}`} list={list} idOf={({ user_id }) => user_id} empty={<Nobody search={search} />} columns={columns} />
      <Confirm
        opened={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        title={`Take ${leaving === undefined ? '' : nameOf(leaving)} out of ${place.name}?`}
        label="Take out"
        act={async () => {
          if (leaving !== undefined) await takeOut(leaving);
        }}
      >
        <p>{place.level === 'organisation' ? 'They lose their roles in the organisation, its teams and its projects within a second.' : 'They lose the role that they were given here within a second. What a team or the organisation gives them stays.'}</p>
      </Confirm>
    </>
  );
}

function Nobody({ search }: { search: string }) {
  if (search !== '') {
    return (
      <Empty icon="search" title="Nobody fits">
        <p>Nobody here has “{search}” in their name or email.</p>
      </Empty>
    );
  }
  return (
    <Empty icon="users" title="Nobody yet">
      <p>Invite people by their email address. They choose a password by the link in the mail, and are in.</p>
    </Empty>
  );
}
