import { queryOptions } from '@tanstack/react-query';
import { every } from './every.js';
import { api } from './http.js';
import type { Webhook } from './types.js';

export const eventTypes = ['rollcall.user.*', 'rollcall.user.created', 'rollcall.user.updated', 'rollcall.user.tracked', 'rollcall.user.merged', 'rollcall.user.erased', 'rollcall.list.*', 'rollcall.segment.*', 'rollcall.role.*', 'rollcall.project.*'] as const;

export const webhooksPath = (projectId: string) => `/v1/admin/projects/${projectId}/webhooks`;

export const webhooks = (projectId: string) =>
  queryOptions({ queryKey: [webhooksPath(projectId)], queryFn: async ({ signal }) => (await api.get<{ webhooks: Webhook[] }>(webhooksPath(projectId), { signal })).webhooks });

export const webhook = (projectId: string, webhookId: string) =>
  queryOptions({ queryKey: [webhooksPath(projectId), webhookId], queryFn: ({ signal }) => api.get<Webhook>(`${webhooksPath(projectId)}/${webhookId}`, { signal }), refetchInterval: every(5_000) });
