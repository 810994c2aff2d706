import { Alert, Button } from '@mantine/core';
import { notifyManager, useQueryClient, type Query } from '@tanstack/react-query';
import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { messageOf } from '../api/problem.js';
import { failed } from '../components/page-error.js';
import { Icon } from '../components/icon.js';

const everyMs = 5_000;

/** Shown from an answer before, since there is none now. */
const isOld = (query: Query) => query.isActive() && query.state.status === 'error' && query.state.data !== undefined && !failed({ ...query.state, isError: true });

/** Says that what is shown may be old while it can't be loaded anew, and tries until it can. */
export function OutOfReach() {
  const queries = useQueryClient();
  const subscribe = useCallback((listener: () => void) => queries.getQueryCache().subscribe(notifyManager.batchCalls(listener)), [queries]);
  const error = useSyncExternalStore(subscribe, () => queries.getQueryCache().getAll().find(isOld)?.state.error ?? undefined);
  const isTold = error !== undefined;
  useEffect(() => {
    if (!isTold) return undefined;
    const timer = setInterval(() => void queries.refetchQueries({ predicate: isOld }), everyMs);
    return () => clearInterval(timer);
  }, [isTold, queries]);
  return (
    <div role="status">
      {isTold && (
        <Alert color="yellow" variant="light" mb="md" icon={<Icon name="alert" />}>
          {messageOf(error)} What you see may be old.{' '}
          <Button variant="default" size="compact-xs" onClick={() => void queries.refetchQueries({ predicate: isOld })}>
            Try again
          </Button>
        </Alert>
      )}
    </div>
  );
}
