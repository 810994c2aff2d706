import type { Api } from './api.js';
import { isId } from './parse-options.js';

/** A user as the surface of projects shows them. */
export interface ProjectUser {
  id: string;
  firstName: string | null;
  lastName: string | null;
  username: string | null;
  email: string | null;
  isActive: boolean;
}

/** @param name id, email or user name */
export async function findUser(api: Api, name: string): Promise<ProjectUser | undefined> {
  const users = `/${encodeURIComponent(api.projectName())}/users`;
  if (isId(name)) {
    const answer = await api.send('GET', `${users}/${name}`, { expected: [404], repeatable: true });
    return answer.status === 404 ? undefined : ((await answer.json()) as ProjectUser);
  }
  const query = new URLSearchParams([[name.includes('@') ? 'filter[email][eq]' : 'username', name]]);
  const { data } = await api.json<{ data: ProjectUser[] }>('GET', `${users}?${query.toString()}`, { repeatable: true });
  return data[0];
}
