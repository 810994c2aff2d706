import { queryOptions } from '@tanstack/react-query';
import { every } from './every.js';
import { api } from './http.js';
import type { CustomField, Segment } from './types.js';

export const segmentsPath = (projectId: string) => `/v1/admin/projects/${projectId}/segments`;

/** Asked again while its members are being found. */
export const segment = (projectId: string, segmentId: string) =>
  queryOptions({
    queryKey: [segmentsPath(projectId), segmentId],
    queryFn: ({ signal }) => api.get<Segment>(`${segmentsPath(projectId)}/${segmentId}`, { signal }),
    refetchInterval: (query) => every(query.state.data?.state === 'computing' ? 700 : 15_000)(query),
  });

export const customFields = (projectId: string) =>
  queryOptions({ queryKey: ['custom-fields', projectId], queryFn: async ({ signal }) => (await api.get<{ fields: CustomField[] }>(`/v1/admin/projects/${projectId}/custom-fields`, { signal })).fields, staleTime: 30_000 });

export const markedEvents = (projectId: string) =>
  queryOptions({ queryKey: ['activity-events', projectId], queryFn: async ({ signal }) => (await api.get<{ events: string[] }>(`/v1/admin/projects/${projectId}/activity-events`, { signal })).events, staleTime: 60_000 });
