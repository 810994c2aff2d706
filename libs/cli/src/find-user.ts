import type { Api } from './api.js';
import { isId } from './parse-options.js';

/** A user as a project's administrators see them, as far as the commands use it. */
export interface FoundUser {
  user_id: string;
}

/** @param name your id, our id, email or user name; whoever has your id by it comes first */
export async function findUser(api: Api, name: string): Promise<FoundUser | undefined> {
  const users = `/v1/admin/projects/${await api.projectId()}/users`;
  const byUid = await api.send('POST', `${users}/find`, { json: { uid: name }, expected: [404], repeat: 'briefly' });
  if (byUid.ok) return (await byUid.json()) as FoundUser;
  const id = isId(name) ? name : await idOf(api, name);
  if (id === undefined) return undefined;
  const byId = await api.send('GET', `${users}/${id}`, { expected: [404], repeat: 'briefly' });
  return byId.ok ? ((await byId.json()) as FoundUser) : undefined;
}

async function idOf(api: Api, name: string): Promise<string | undefined> {
  const query = new URLSearchParams([[name.includes('@') ? 'filter[email][eq]' : 'username', name]]);
  const { data } = await api.json<{ data: { id: string }[] }>('GET', `/${encodeURIComponent(api.projectName())}/users?${query.toString()}`, { repeat: 'briefly' });
  return data[0]?.id;
}
