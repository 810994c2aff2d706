import { queryOptions } from '@tanstack/react-query';
import { api } from './http.js';
import type { DayCount, Figures, Page, WholeUser } from './types.js';

const base = (projectId: string, userId: string) => `/v1/admin/projects/${projectId}/users/${userId}`;

export const wholeUser = (projectId: string, userId: string) => queryOptions({ queryKey: ['user', projectId, userId], queryFn: ({ signal }) => api.get<WholeUser>(base(projectId, userId), { signal }) });

/** The project's figures of the last days, today's among them. */
export const figures = (projectId: string, days: number) =>
  queryOptions({
    queryKey: ['figures', projectId, days],
    queryFn: ({ signal }) => api.get<Figures>(`/v1/admin/projects/${projectId}/figures`, { query: { from: new Date(Date.now() - (days - 1) * 86_400_000).toISOString().slice(0, 10) }, signal }),
    staleTime: 30_000,
  });

export const eventsPath = (projectId: string, userId: string) => `${base(projectId, userId)}/events`;

export const eventDays = (projectId: string, userId: string, from: string, to: string) =>
  queryOptions({ queryKey: ['user-days', projectId, userId, from, to], queryFn: async ({ signal }) => (await api.get<{ days: DayCount[] }>(`${base(projectId, userId)}/events/daily`, { query: { from, to }, signal })).days });

export interface Named {
  id: string;
  name: string;
}

/** Names of segments or lists, which a user's page tells by their ids. */
export const namesOf = (projectId: string, what: 'segments' | 'lists') =>
  queryOptions({
    queryKey: ['names', projectId, what],
    queryFn: async ({ signal }) => {
      const found = new Map<string, string>();
      let cursor: string | null = null;
      do {
        const page: Page & Record<string, unknown> = await api.get(`/v1/admin/projects/${projectId}/${what}`, { query: { page_size: 100, cursor }, signal });
        for (const each of page[what] as { name: string; segment_id?: string; list_id?: string }[]) found.set(each.segment_id ?? each.list_id ?? '', each.name);
        cursor = page.next_cursor;
      } while (cursor !== null && found.size < 1_000);
      return found;
    },
    staleTime: 60_000,
  });

export function wholeName({ name, first_name, last_name, user_email, uid }: WholeUser): string {
  const parts = [first_name, last_name].filter((part) => part !== null && part !== '').join(' ');
  return name ?? (parts !== '' ? parts : (user_email ?? uid));
}
