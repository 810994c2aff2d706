import { rm } from 'node:fs/promises';

export default async function tearDown() {
  const running = globalThis.rollcallTestPostgres;
  if (running === undefined) return;
  await running.postgres.stop();
  await rm(running.folder, { recursive: true, force: true, maxRetries: 5 });
}
