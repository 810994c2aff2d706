import { bootstrapDemo, bootstrapProduction } from '#libs/bootstrap';
import { runOnce, runtimeConfig } from '#libs/platform/runtime';

/** `--email ADDRESS` makes the first super_admin of a production deployment; without it, the demo of a development one. */
const email = /^--email=(.+)$/.exec(process.argv.slice(2).join('='))?.[1];

await runOnce('bootstrap', [], async ({ rpc, config, logger }) => {
  const { HOST, PORT, PUBLIC_URL, ROLLCALL_DATA_DIR } = config(runtimeConfig);
  if (email === undefined) await bootstrapDemo(rpc, { dataDir: ROLLCALL_DATA_DIR, url: PUBLIC_URL ?? `http://${HOST}:${PORT}`, logger });
  else await bootstrapProduction(rpc, { email });
});
