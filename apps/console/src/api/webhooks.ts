import { queryOptions } from '@tanstack/react-query';
import { api } from './http.js';

export interface Webhook {
  webhook_id: string;
  url: string;
  description: string | null;
  types: string[] | null;
  enabled: boolean;
  disabled_reason: 'manual' | 'gone' | 'failing' | null;
  failing_since: string | null;
  previous_secret_until: string | null;
  created_at: string;
  pending?: number;
}

export interface Delivery {
  delivery_id: string;
  event_id: string;
  type: string;
  state: 'pending' | 'delivered' | 'failed';
  attempts: number;
  response_status: number | null;
  error: string | null;
  created_at: string;
  next_attempt_at: string | null;
}

export const eventTypes = ['rollcall.user.*', 'rollcall.user.created', 'rollcall.user.updated', 'rollcall.user.tracked', 'rollcall.user.merged', 'rollcall.user.erased', 'rollcall.list.*', 'rollcall.segment.*', 'rollcall.role.*', 'rollcall.project.*'] as const;

export const webhooksPath = (projectId: string) => `/v1/admin/projects/${projectId}/webhooks`;

export const webhooks = (projectId: string) =>
  queryOptions({ queryKey: [webhooksPath(projectId)], queryFn: async ({ signal }) => (await api.get<{ webhooks: Webhook[] }>(webhooksPath(projectId), { signal })).webhooks });

export const webhook = (projectId: string, webhookId: string) =>
  queryOptions({ queryKey: [webhooksPath(projectId), webhookId], queryFn: ({ signal }) => api.get<Webhook>(`${webhooksPath(projectId)}/${webhookId}`, { signal }), refetchInterval: 5_000 });
