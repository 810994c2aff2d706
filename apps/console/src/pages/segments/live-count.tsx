import { Loader } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/http.js';
import { messageOf } from '../../api/problem.js';
import { formatNumber } from '../../components/time.js';
import classes from './segments.module.css';

/** A project counts one rule at a time: the next question waits for the answer before. */
let before: Promise<unknown> = Promise.resolve();

function count(projectId: string, rule: unknown): Promise<{ count: number }> {
  const ask = () => api.post<{ count: number }>(`/v1/admin/projects/${projectId}/segments/preview`, { body: { rule } });
  const asked = before.then(ask, ask);
  before = asked.catch(() => undefined);
  return asked;
}

/** How many users the rule would find now. `rule` undefined: it is not whole yet. */
export function LiveCount({ projectId, rule }: { projectId: string; rule: unknown }) {
  const [text] = useDebouncedValue(rule === undefined ? '' : JSON.stringify(rule), 350);
  const found = useQuery({ queryKey: ['preview', projectId, text], queryFn: () => count(projectId, JSON.parse(text)), enabled: text !== '', retry: false, staleTime: 5_000 });
  return (
    <div className={classes.count} aria-live="polite">
      {text === '' ? (
        <span className="muted">Complete the conditions to see how many users fit.</span>
      ) : found.isError ? (
        <span className="muted">{messageOf(found.error)}</span>
      ) : found.data === undefined ? (
        <>
          <Loader size="xs" /> <span className="muted">Counting …</span>
        </>
      ) : (
        <>
          <strong>{formatNumber(found.data.count)}</strong> {found.data.count === 1 ? 'user fits' : 'users fit'} now
        </>
      )}
    </div>
  );
}
