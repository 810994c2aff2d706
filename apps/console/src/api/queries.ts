import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, type Query } from './http.js';
import type { Access, Organisation, Page, Project, Role, StaffUser, Team } from './types.js';

/** Lists that are shown whole, in switchers and menus: page after page, up to a sensible end. */
async function all<Item>(path: string, field: string, signal: AbortSignal, query: Query = {}): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: Page & Record<string, unknown> = await api.get(path, { query: { ...query, page_size: 100, cursor }, signal });
    items.push(...(page[field] as Item[]));
    cursor = page.next_cursor;
  } while (cursor !== null && items.length < 1_000);
  return items;
}

export const me = queryOptions({ queryKey: ['me'], queryFn: ({ signal }) => api.get<StaffUser>('/v1/admin/users/me', { signal }), staleTime: 60_000 });

export const organisations = queryOptions({ queryKey: ['orgs'], queryFn: ({ signal }) => all<Organisation>('/v1/admin/orgs', 'orgs', signal), staleTime: 60_000 });

export const projects = queryOptions({ queryKey: ['projects'], queryFn: ({ signal }) => all<Project>('/v1/admin/projects', 'projects', signal), staleTime: 60_000 });

export const teams = (orgId: string) => queryOptions({ queryKey: ['teams', orgId], queryFn: ({ signal }) => all<Team>('/v1/admin/teams', 'teams', signal, { org_id: orgId }), staleTime: 60_000 });

/** The roles that one can have in a project: those that all have, then its own. */
export const projectRoles = (projectId: string) => queryOptions({ queryKey: ['roles', projectId], queryFn: async ({ signal }) => (await api.get<{ data: Role[] }>(`/${projectId}/roles`, { signal })).data, staleTime: 30_000 });

/** What somebody may do at a place, and through which roles. */
export const access = (userId: string, place: { project_id: string } | { team_id: string } | { org_id: string }) =>
  queryOptions({ queryKey: ['access', userId, place], queryFn: ({ signal }) => api.get<Access>(`/v1/admin/users/${userId}/access`, { query: place, signal }), staleTime: 60_000 });

/** Any list that goes by cursors, page after page. */
export const cursorList = <Item>(path: string, field: string, query: Query = {}) =>
  infiniteQueryOptions({
    queryKey: [path, query],
    queryFn: async ({ pageParam, signal }) => {
      const page = await api.get<Page & Record<string, unknown>>(path, { query: { ...query, cursor: pageParam }, signal });
      return { items: page[field] as Item[], next: page.next_cursor };
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
