import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { setNonce } from 'get-nonce';
import { Problem } from './api/problem.js';
import { session } from './api/session.js';
import { Toasts } from './components/toasts.js';
import { router } from './router.js';
import { theme } from './theme.js';

/** Of this answer alone: styles that the library adds bear it, and nothing else gets in. */
const nonce = document.querySelector<HTMLElement>('meta[property="csp-nonce"]')?.nonce ?? '';
setNonce(nonce);

const colorScheme = localStorageColorSchemeManager({ key: 'rollcall.color-scheme' });

export const queries = new QueryClient({
  defaultOptions: {
    // Whether Rollcall is there, only asking tells: it may be on this very machine, which is without a network.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      staleTime: 15_000,
      refetchOnWindowFocus: true,
      // What is refused stays refused; what is out of reach may be there a moment later.
      retry: (failures, error) => failures < 2 && error instanceof Problem && (error.status === 0 || error.status === 503),
    },
  },
});

// Nothing of somebody is left in memory when they are gone, also where somebody else took their place and nobody was out in between.
let whose: string | undefined;
session.subscribe(() => {
  const now = session.current();
  const next = now.kind === 'in' ? now.userId : undefined;
  if (next !== whose) queries.clear();
  whose = next;
});

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={colorScheme} getStyleNonce={() => nonce}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
        <Toasts />
      </QueryClientProvider>
    </MantineProvider>
  );
}
