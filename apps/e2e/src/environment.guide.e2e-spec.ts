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
  const text = await readFile(join(checkoutFolder, 'docs/guides', guide), 'utf8');
  return [...text.matchAll(/^```sh\n([^]*?)^```\n(?:\n```json\n([^]*?)^```)?/gm)].map(([, commands = '', shown]) => ({ commands, shown }));
}

const fields = ['user_type', 'joined'];

/** Without the fields of other specs, which share the project. */
function ofThisGuide(answer: { data?: unknown }): unknown {
  if (!Array.isArray(answer.data)) return answer;
  return { ...answer, data: (answer.data as (string | { name: string })[]).filter((one) => typeof one === 'string' || fields.includes(one.name)) };
}

/** Keys and types, through all levels. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, shapeOf(child)]));
}

describe('docs/guides/custom-fields-and-syncing-users.md', () => {
  afterAll(async () => {
    const bearer = await environmentToken('workbench');
    for (const name of fields) await api.delete(`/users/custom-profile-fields/${name}`, { bearer });
  });

  it('has lines that work, and shows what they answer', async () => {
    const blocks = await blocksOf('custom-fields-and-syncing-users.md');
    expect(blocks.length).toBeGreaterThan(6);
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-guide-'));
    try {
      await symlink(platform.dataDir, join(folder, '.rollcall'));
      // One of the lines is refused, and shows how: whether a line worked, its answer tells.
      const strict = 'set -euo pipefail\ncurl() { command curl --silent --show-error "$@"; }\n';
      const script = strict + blocks.map(({ commands }) => commands.replaceAll('http://127.0.0.1:3000', platform.url)).join(`\nprintf '${between}'\n`);
      const { stdout } = await run('bash', ['-c', script], { cwd: folder });
      const outputs = stdout.split(between);
      expect(outputs).toHaveLength(blocks.length);
      for (const [index, { shown }] of blocks.entries()) {
        if (shown !== undefined) expect(shapeOf(ofThisGuide(JSON.parse(outputs[index]!) as object))).toEqual(shapeOf(JSON.parse(shown)));
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
