import { useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useState } from 'react';

/**
 * For a page that removes what it shows.
 * @param queryKeys of what is asked about it
 * @returns `isGoing`: it is being removed, or was, and is not to be asked for any more: until the page is left, the answer would be that there is none.
 * `remove`: removes it, leaves the page, and forgets what was known of it; what fails is thrown, and the page goes on as before
 */
export function useRemoval(...queryKeys: QueryKey[]): { isGoing: boolean; remove: (act: () => Promise<unknown>, leave: () => Promise<void>) => Promise<void> } {
  const queries = useQueryClient();
  const [isGoing, setGoing] = useState(false);
  const remove = async (act: () => Promise<unknown>, leave: () => Promise<void>) => {
    setGoing(true);
    await Promise.all(queryKeys.map((queryKey) => queries.cancelQueries({ queryKey })));
    try {
      await act();
    } catch (error) {
      setGoing(false);
      throw error;
    }
    await leave();
    for (const queryKey of queryKeys) queries.removeQueries({ queryKey });
  };
  return { isGoing, remove };
}
