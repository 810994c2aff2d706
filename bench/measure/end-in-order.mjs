// Loaded into every bench: however it is cut off (Ctrl-C, a signal, the end of whoever runs it), no server that it has started stays behind.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endChildren } from '../../tools/end-children.mjs';

const folders = new Set();

for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) process.on(signal, () => process.exit(code));
process.once('disconnect', () => process.exit(1));
process.channel?.unref();
process.once('exit', () => {
  endChildren(10_000);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

/** A folder that Postgres, as another user, may look into; gone when the bench has ended. */
export function temporaryFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `rollcall-${name}-`));
  chmodSync(folder, 0o711);
  folders.add(folder);
  return folder;
}
