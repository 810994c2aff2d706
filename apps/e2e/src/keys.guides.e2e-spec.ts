import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import { checkoutFolder } from '#libs/platform/testing';
import { api, environmentToken, platform } from './platform-under-test.js';

const run = promisify(execFile);
const between = '\u0001';

/** Each shell block of a guide, with the JSON that the guide shows after it. */
async function blocksOf(guide: string): Promise<{ commands: string; shown: string | undefined }[]> {
  const text = await readFile(join(checkoutFolder, 'docs', guide), 'utf8');
  return [...text.matchAll(/^```sh\n([^]*?)^```\n(?:\n```json\n([^]*?)^```)?/gm)].map(([, commands = '', shown]) => ({ commands, shown }));
}

/** Keys and types, through all levels. Whether a list goes on depends on what other specs have made. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  // These specs are traced; a reader's Rollcall is not.
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'traceparent').map(([key, child]) => [key, key === 'next_cursor' ? 'cursor' : shapeOf(child)]));
}

afterAll(async () => {
  await api.delete('/users/custom-profile-fields/tier', { bearer: await environmentToken('workbench') });
});

describe.each([
  'guides/api-clients-and-keys.md',
  'guides/end-user-tokens.md',
  'guides/passwords-and-email.md',
  'guides/logging-users-in.md',
  'guides/protecting-your-api.md',
  'guides/importing-users.md',
  'guides/importing-data.md',
  'guides/exporting-data.md',
  'guides/events-feed.md',
  'guides/webhooks.md',
  'administrators/inviting.md',
  'administrators/audit.md',
  'administrators/jobs.md',
  'administrators/access-requests.md',
  'administrators/organisations-and-roles.md',
])('docs/%s', (guide) => {
  it('has lines that work, and shows what they answer', async () => {
    const blocks = await blocksOf(guide);
    expect(blocks.length).toBeGreaterThan(2);
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-guide-'));
    try {
      await symlink(platform.dataDir, join(folder, '.rollcall'));
      await symlink(join(checkoutFolder, 'node_modules'), join(folder, 'node_modules')); // what a guide has installed before
      const strict = 'set -euo pipefail\ncurl() { command curl --silent --show-error --fail-with-body "$@"; }\n';
      const script = strict + blocks.map(({ commands }) => commands.replaceAll('http://127.0.0.1:3000', platform.url)).join(`\nprintf '${between}'\n`);
      const { stdout } = await run('bash', ['-c', script], { cwd: folder });
      const outputs = stdout.split(between);
      expect(outputs).toHaveLength(blocks.length);
      for (const [index, { shown }] of blocks.entries()) {
        if (shown !== undefined) expect(shapeOf(JSON.parse(outputs[index]!))).toEqual(shapeOf(JSON.parse(shown)));
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
