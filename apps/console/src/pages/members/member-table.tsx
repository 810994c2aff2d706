import { ActionIcon, Avatar, Menu, Select } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/http.js';
import { cursorList, me } from '../../api/queries.js';
import type { Member } from '../../api/types.js';
import { Confirm } from '../../components/confirm.js';
import { Empty } from '../../components/empty.js';
import { Icon } from '../../components/icon.js';
import { Status } from '../../components/status.js';
import { CursorTable } from '../../components/table.js';
import { Time } from '../../components/time.js';
import { toast } from '../../components/toasts.js';
import classes from './members.module.css';
import { membersPath, rolesAt, roleLabel, type MembersPlace } from './place.js';

const states = { active: ['good', 'Active'], invited: ['warn', 'Invited'], inactive: ['calm', 'Inactive'], deleted: ['bad', 'Deleted'] } as const;

/** Who was given a role at a place, to be changed where one may. */
export function MemberTable({ place, mayChange }: { place: MembersPlace; mayChange: boolean }) {
  const queries = useQueryClient();
  const path = membersPath(place);
  const list = useInfiniteQuery(cursorList<Member>(path, 'members'));
  const { data: self } = useQuery(me);
  const [leaving, setLeaving] = useState<Member>();
  const refresh = () => queries.invalidateQueries({ queryKey: [path] });
  const change = useMutation({
    mutationFn: ({ member, ...body }: { member: Member; role?: string; status?: string }) => api.put(`${path}/${member.user_id}`, { body }),
    onSuccess: async (_, { member, role, status }) => {
      await refresh();
      toast.done(role === undefined ? `${nameOf(member)} is ${status} here.` : `${nameOf(member)} is ${roleLabel(role).toLowerCase()} here.`);
    },
    onError: async (error) => {
      toast.failed(error);
      await refresh();
    },
  });
  const hasStatus = place.level === 'organisation';
  return (
    <>
      <CursorTable
        label={`People of ${place.name}`}
        list={list}
        idOf={({ user_id }) => user_id}
        empty={
          <Empty icon="users" title="Nobody yet">
            <p>Invite people by their email address. They choose a password by the link in the mail, and are in.</p>
          </Empty>
        }
        columns={[
          {
            title: 'Person',
            role: 'main',
            cell: (member) => (
              <span className={classes.person}>
                <Avatar size={32} radius="xl" name={nameOf(member)} color="initials" aria-hidden="true" />
                <span>
                  <strong>{nameOf(member)}</strong>
                  {self?.user_id === member.user_id && <span className="muted"> (you)</span>}
                  {member.user_name !== null && <small className="muted">{member.user_email}</small>}
                </span>
              </span>
            ),
          },
          {
            title: 'Role',
            cell: (member) =>
              mayChange ? (
                <Select
                  size="xs"
                  aria-label={`Role of ${nameOf(member)}`}
                  className={classes.role}
                  data={withPresent(rolesAt[place.level].map(({ value, label }) => ({ value, label })), member.role)}
                  value={member.role}
                  allowDeselect={false}
                  onChange={(role) => role !== null && role !== member.role && change.mutate({ member, role })}
                />
              ) : (
                roleLabel(member.role)
              ),
          },
          ...(hasStatus ? [{ title: 'Status', cell: ({ status = 'active' }: Member) => <Status tone={states[status][0]}>{states[status][1]}</Status> }] : []),
          { title: 'Since', cell: ({ assigned_at }) => <Time at={assigned_at} /> },
          {
            title: 'Actions',
            role: 'actions' as const,
            cell: (member) =>
              mayChange && (
                <Menu position="bottom-end" shadow="md">
                  <Menu.Target>
                    <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${nameOf(member)}`}>
                      <Icon name="dots" />
                    </ActionIcon>
                  </Menu.Target>
                  <Menu.Dropdown>
                    {hasStatus && member.status === 'active' && <Menu.Item onClick={() => change.mutate({ member, status: 'inactive' })}>Deactivate here</Menu.Item>}
                    {hasStatus && member.status === 'inactive' && <Menu.Item onClick={() => change.mutate({ member, status: 'active' })}>Activate here</Menu.Item>}
                    <Menu.Item color="red" onClick={() => setLeaving(member)}>
                      Take out of {place.name}
                    </Menu.Item>
                  </Menu.Dropdown>
                </Menu>
              ),
          },
        ]}
      />
      <Confirm
        opened={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        title={`Take ${leaving === undefined ? '' : nameOf(leaving)} out of ${place.name}?`}
        label="Take out"
        act={async () => {
          await api.delete(`${path}/${leaving?.user_id ?? ''}`);
          await refresh();
          toast.done('They are no longer here.');
        }}
      >
        <p>{place.level === 'organisation' ? 'They lose their roles in the organisation, its teams and its projects within a second.' : 'They lose the role that they were given here within a second. What a team or the organisation gives them stays.'}</p>
      </Confirm>
    </>
  );
}

function withPresent(roles: { value: string; label: string }[], present: string): { value: string; label: string }[] {
  return roles.some(({ value }) => value === present) ? roles : [...roles, { value: present, label: present }];
}

function nameOf({ user_name, user_email, user_id }: Member): string {
  return user_name ?? user_email ?? user_id;
}
