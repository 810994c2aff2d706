import { bootstrapDemo, bootstrapProduction, readBootstrapArguments } from '#libs/bootstrap';
import { runOnce, runtimeConfig } from '#libs/platform/runtime';

await runOnce('bootstrap', [], async ({ rpc, config, logger }) => {
  const { email } = readBootstrapArguments(process.argv.slice(2));
  const { HOST, PORT, PUBLIC_URL, ROLLCALL_DATA_DIR } = config(runtimeConfig);
  if (email === undefined) await bootstrapDemo(rpc, { dataDir: ROLLCALL_DATA_DIR, url: PUBLIC_URL ?? `http://${HOST}:${PORT}`, logger });
  else await bootstrapProduction(rpc, { email });
});
