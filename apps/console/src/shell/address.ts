import { useNavigate, useParams, useSearch } from '@tanstack/react-router';

/** Nobody's. */
const noId = '-';

/** An id of the address; empty where the page's path has none of this name. What can be none (a link may hold anything) is nobody's: ids become parts of the paths that are asked. */
export function useId(name: 'projectId' | 'orgId' | 'teamId' | 'userId' | 'segmentId' | 'webhookId' | 'jobId'): string {
  const parameters: Record<string, string | undefined> = useParams({ strict: false });
  const id = parameters[name] ?? '';
  return /^[\w-]*$/.test(id) ? id : noId;
}

/** What stands behind the `?`: filters, sort, tab. What is set to undefined is taken out of the address. */
export function useAddress<Key extends string>(): [search: Partial<Record<Key, string>>, change: (changes: Partial<Record<Key, string | undefined>>) => void] {
  const search: Partial<Record<string, string>> = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = (changes: Partial<Record<string, string | undefined>>) => void navigate({ to: '.', search: { ...search, ...changes }, replace: true });
  return [search, change];
}
