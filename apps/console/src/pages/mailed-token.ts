import { useEffect, useState } from 'react';
import { useAddress } from '../shell/address.js';

/** The token of a mailed link, which is then taken out of the address: it opens something, and addresses are kept and shown. */
export function useMailedToken(): string | undefined {
  const [{ token }] = useAddress<'token'>();
  const [kept] = useState(token);
  useEffect(() => {
    if (token !== undefined) history.replaceState(history.state, '', location.pathname);
  }, [token]);
  return kept;
}
