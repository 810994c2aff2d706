import { useSyncExternalStore } from 'react';
import { session } from './session.js';

export function useSession() {
  return useSyncExternalStore(
    (listener) => session.subscribe(listener),
    () => session.current(),
  );
}
