import type { AdminCalls, EngagementCalls, ProjectCalls } from '../api.data.js';
import type { Auth } from './auth.js';

/**
 * HTTP Basic of the engagement surface. The key alone may create and update users and add events, and may stand in a page;
 * everything else takes its secret, which belongs on a server.
 */
export function engagementKey({ key, secret = '' }: { key: string; secret?: string }): Auth<EngagementCalls> {
  const headers = { authorization: `Basic ${base64(`${key}:${secret}`)}` };
  return { headers: () => headers };
}

/** An API key of a project or of an organisation, for a server. */
export function apiKey(key: string): Auth<ProjectCalls & AdminCalls> {
  const headers = { 'x-api-key': key };
  return { headers: () => headers };
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
