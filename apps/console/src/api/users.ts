import { queryOptions } from '@tanstack/react-query';
import { api, type Query } from './http.js';
import type { ProjectUser, ProjectUserPage } from './types.js';

export const pageSize = 100;
/** Rows that can be scrolled to. Beyond, a search or a filter leads further. */
export const mostRows = 10_000;

export interface Condition {
  field: string;
  operator: string;
  value: string;
}

export interface UserQuestion {
  search?: string;
  status?: string;
  role?: string;
  sort?: string;
  conditions: readonly Condition[];
}

/** One page of a project's users. The last answer stays while the next of the same project is on its way, so that nothing flickers. */
export const userPage = (projectId: string, question: UserQuestion, page: number) =>
  queryOptions({
    queryKey: ['users', projectId, question, page],
    queryFn: ({ signal }) => api.get<ProjectUserPage>(`/${projectId}/users`, { signal, query: { ...parametersOf(question), page, size: pageSize } }),
    placeholderData: (previous, before) => (page === 1 && before?.queryKey[1] === projectId ? previous : undefined),
    staleTime: 30_000,
  });

function parametersOf({ search, status, role, sort, conditions }: UserQuestion): Query {
  return {
    search,
    roleId: role,
    ...(status === undefined ? {} : { 'filter[isActive][eq]': status === 'active' }),
    ...(sort === undefined ? {} : { sort: sort.startsWith('-') ? `${sort.slice(1)}|desc` : `${sort}|asc` }),
    ...Object.fromEntries(conditions.map(({ field, operator, value }) => [`filter[${field}][${operator}]`, value])),
  };
}

/** Conditions as they stand in the address of a page that can be shared: `attributes.plan:eq:pro,email:ends:.org`. */
export function conditionsOf(text: string | undefined): Condition[] {
  return (text ?? '').split(',').flatMap((part) => {
    const [field, operator, value] = part.split(':').map(decoded);
    return field === undefined || operator === undefined || value === undefined || field === '' ? [] : [{ field, operator, value }];
  });
}

/** As it stands where somebody wrote the address by hand, and it can't be decoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function textOf(conditions: readonly Condition[]): string | undefined {
  return conditions.length === 0 ? undefined : conditions.map(({ field, operator, value }) => [field, operator, value].map(encodeURIComponent).join(':')).join(',');
}

export function nameOf({ firstName, lastName, username, email, id }: ProjectUser): string {
  const name = [firstName, lastName].filter((part) => part !== null && part !== '').join(' ');
  return name !== '' ? name : (email ?? username ?? id);
}
