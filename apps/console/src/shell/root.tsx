import { Outlet } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { session } from '../api/session.js';
import { Failed } from '../components/page-error.js';

/** Takes up the session of an earlier visit before any page decides what to show. */
export function Root() {
  const [state, setState] = useState<'waiting' | 'ready' | { error: unknown }>(session.current().kind === 'unknown' ? 'waiting' : 'ready');
  const restore = () => {
    session.restore().then(
      () => setState('ready'),
      (error: unknown) => setState({ error }),
    );
  };
  useEffect(() => {
    if (session.current().kind === 'unknown') restore();
  }, []);
  if (state === 'waiting') return null;
  return state === 'ready' ? <Outlet /> : <Failed error={state.error} again={restore} />;
}
