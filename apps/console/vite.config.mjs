import { defineConfig } from 'vite';

/** Where a running Rollcall answers, for `npx vite apps/console`: pages are made anew while the platform stays. */
const platform = 'http://127.0.0.1:3000';

export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  // The gateway puts a nonce of its own into each answer: libs/gateway/src/console/serve-console.ts.
  html: { cspNonce: '__ROLLCALL_NONCE__' },
  css: { modules: { generateScopedName: '[local]-[hash:6]' } },
  build: {
    outDir: '../../dist/console',
    emptyOutDir: true,
    target: 'es2022',
    // Nothing may be a data: address: the policy of the page lets in what is served, and nothing else.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_000,
  },
  server: { host: '127.0.0.1', proxy: Object.fromEntries(['/v1', '/openapi', '/docs', '/.well-known'].map((path) => [path, platform])) },
});
