import { useInfiniteQuery, useMutation, useQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { api } from '../../api/http.js';
import { cursorList, projectRoles } from '../../api/queries.js';
import type { Member, StaffUser } from '../../api/types.js';
import { toast } from '../../components/toasts.js';
import { isAt, membersPath, placeQuery, roleLabel, rolesAt, type MembersPlace } from './place.js';

/** A member, or somebody who was found by a search, which does not say since when they are one. */
export type MemberRow = Omit<Member, 'assigned_at'> & { assigned_at: string | undefined };

export function nameOf({ user_name, user_email, user_id }: MemberRow): string {
  return user_name ?? user_email ?? user_id;
}

/** The members of a place, page after page. @param search in an organisation: only those with this in their name or email; empty: all */
export function useMembers(place: MembersPlace, search: string) {
  const members = useInfiniteQuery({ ...cursorList<MemberRow>(membersPath(place), 'members'), enabled: search === '' });
  const found = useInfiniteQuery({
    ...cursorList<StaffUser>('/v1/admin/users', 'users', { ...placeQuery(place), search, sort_by: 'name', sort_order: 'asc' }),
    enabled: search !== '',
    // Whom the search before found stays, so that nothing flickers; not those of another place.
    placeholderData: (previous, before) => (isAt(place, before?.queryKey[1]) ? previous : undefined),
    select: rowsOf(place.id),
  });
  return search === '' ? members : found;
}

/** The roles that can be given at a place: in a project also its own. */
export function useRoles(place: MembersPlace): { value: string; label: string }[] {
  const { data: ownRoles = [] } = useQuery({ ...projectRoles(place.id), enabled: place.level === 'project' });
  return [...rolesAt[place.level].map(({ value, label }) => ({ value, label })), ...ownRoles.filter(({ isBuiltIn }) => !isBuiltIn).map(({ id }) => ({ value: id, label: id }))];
}

/** What is done with a member of a place. What is shown of them is asked for anew afterwards. */
export function useMemberChanges(place: MembersPlace) {
  const queries = useQueryClient();
  const path = membersPath(place);
  const refresh = () => Promise.all([queries.invalidateQueries({ queryKey: [path] }), queries.invalidateQueries({ queryKey: ['/v1/admin/users'] })]);
  const change = useMutation({
    mutationFn: ({ member, ...body }: { member: MemberRow; role?: string; status?: string }) => api.put(`${path}/${member.user_id}`, { body }),
    onSuccess: async (_, { member, role, status }) => {
      await refresh();
      toast.done(role === undefined ? `${nameOf(member)} is ${status} here.` : `${nameOf(member)} is ${roleLabel(role).toLowerCase()} here.`);
    },
    onError: async (error) => {
      toast.failed(error);
      await refresh();
    },
  });
  const takeOut = async ({ user_id }: MemberRow) => {
    await api.delete(`${path}/${user_id}`);
    await refresh();
    toast.done('They are no longer here.');
  };
  return { change: change.mutate, takeOut };
}

/** People whom a search found, as rows: with what they are in the organisation. */
function rowsOf(orgId: string) {
  return ({ pages, pageParams }: InfiniteData<{ items: StaffUser[]; next: string | null }, string | undefined>) => ({
    pageParams,
    pages: pages.map(({ items, next }) => ({
      next,
      items: items.map(({ user_id, user_name, user_email, orgs }): MemberRow => {
        const here = orgs.find(({ org_id }) => org_id === orgId);
        return { user_id, user_name, user_email, role: here?.role ?? '', status: here?.status ?? 'inactive', assigned_at: undefined };
      }),
    })),
  });
}
