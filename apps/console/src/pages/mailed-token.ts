import { useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

/** The token of a mailed link, which is then taken out of the address: it opens something, and addresses are kept and shown. */
export function useMailedToken(): string | undefined {
  const { token } = useSearch({ strict: false }) as { token?: string };
  const [kept] = useState(token);
  useEffect(() => {
    if (token !== undefined) history.replaceState(history.state, '', location.pathname);
  }, [token]);
  return kept;
}
