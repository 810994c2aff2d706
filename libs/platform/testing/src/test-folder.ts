import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onCleanUp } from './clean-up.js';

/** A new folder that is gone after the spec file. Anybody may enter it: servers drop root's rights. */
export async function testFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `rollcall-test-${name}-`));
  await chmod(folder, 0o755);
  onCleanUp(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
