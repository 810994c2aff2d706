import { ActionIcon, Avatar, Menu, Select } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/http.js';
import { cursorList, me, projectRoles } from '../../api/queries.js';
import type { Member, StaffUser } from '../../api/types.js';
import { Confirm } from '../../components/confirm.js';
import { Empty } from '../../components/empty.js';
import { Icon } from '../../components/icon.js';
import { Status } from '../../components/status.js';
import { CursorTable } from '../../components/table.js';
import { Time } from '../../components/time.js';
import { toast } from '../../components/toasts.js';
import classes from './members.module.css';
import { membersPath, placeQuery, rolesAt, roleLabel, staffStates, type MembersPlace } from './place.js';

/** A member, or somebody who was found by a search, which does not say since when they are one. */
type Row = Omit<Member, 'assigned_at'> & { assigned_at: string | undefined };

interface Props {
  place: MembersPlace;
  mayChange: boolean;
  /** In an organisation: only those with this in their name or email. */
  search?: string;
}

/** Who was given a role at a place, to be changed where one may. */
export function MemberTable({ place, mayChange, search = '' }: Props) {
  const queries = useQueryClient();
  const path = membersPath(place);
  const members = useInfiniteQuery({ ...cursorList<Row>(path, 'members'), enabled: search === '' });
  const found = useInfiniteQuery({ ...cursorList<StaffUser>('/v1/admin/users', 'users', { ...placeQuery(place), search, sort_by: 'name', sort_order: 'asc' }), enabled: search !== '', placeholderData: keepPreviousData, select: rowsOf(place.id) });
  const list = search === '' ? members : found;
  const { data: ownRoles = [] } = useQuery({ ...projectRoles(place.id), enabled: place.level === 'project' });
  const roles = [...rolesAt[place.level], ...ownRoles.filter(({ isBuiltIn }) => !isBuiltIn).map(({ id }) => ({ value: id, label: id }))];
  const { data: self } = useQuery(me);
  const [leaving, setLeaving] = useState<Row>();
  const refresh = () => Promise.all([queries.invalidateQueries({ queryKey: [path] }), queries.invalidateQueries({ queryKey: ['/v1/admin/users'] })]);
  const change = useMutation({
    mutationFn: ({ member, ...body }: { member: Row; role?: string; status?: string }) => api.put(`${path}/${member.user_id}`, { body }),
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
          search !== '' ? (
            <Empty icon="search" title="Nobody fits">
              <p>Nobody here has “{search}” in their name or email.</p>
            </Empty>
          ) : (
          <Empty icon="users" title="Nobody yet">
            <p>Invite people by their email address. They choose a password by the link in the mail, and are in.</p>
          </Empty>
          )
        }
        columns={[
          {
            title: 'Person',
            role: 'main',
            cell: (member) => (
              <span className={classes.person}>
                <Avatar size={32} radius="xl" name={nameOf(member)} color="initials" aria-hidden="true" />
                <span>
                  {place.level === 'organisation' ? (
                    <Link to="/orgs/$orgId/people/$userId" params={{ orgId: place.id, userId: member.user_id }}>
                      <strong>{nameOf(member)}</strong>
                    </Link>
                  ) : (
                    <strong>{nameOf(member)}</strong>
                  )}
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
                  data={withPresent(roles.map(({ value, label }) => ({ value, label })), member.role)}
                  value={member.role}
                  allowDeselect={false}
                  onChange={(role) => role !== null && role !== member.role && change.mutate({ member, role })}
                />
              ) : (
                roleLabel(member.role)
              ),
          },
          ...(hasStatus ? [{ title: 'Status', cell: ({ status = 'active' }: Row) => <Status tone={staffStates[status][0]}>{staffStates[status][1]}</Status> }] : []),
          ...(search === '' ? [{ title: 'Since', cell: ({ assigned_at = null }: { assigned_at?: string | null }) => <Time at={assigned_at} /> }] : []),
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

/** People whom a search found, as rows: with what they are in the organisation. */
function rowsOf(orgId: string) {
  return ({ pages, pageParams }: InfiniteData<{ items: StaffUser[]; next: string | null }, string | undefined>) => ({
    pageParams,
    pages: pages.map(({ items, next }) => ({
      next,
      items: items.map(({ user_id, user_name, user_email, orgs }): Row => {
        const here = orgs.find(({ org_id }) => org_id === orgId);
        return { user_id, user_name, user_email, role: here?.role ?? '', status: here?.status ?? 'inactive', assigned_at: undefined };
      }),
    })),
  });
}

function nameOf({ user_name, user_email, user_id }: Row): string {
  return user_name ?? user_email ?? user_id;
}
