import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { root } from '../checkout.mjs';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'rollcall-cli-'));
const project = join(folder, 'project');
const rollcall = join(project, 'node_modules/.bin/rollcall');

beforeAll(async () => {
  // Of its own process: Vite does not load inside jest.
  await run(process.execPath, [join(root, 'tools/cli/build-package.mjs'), join(folder, 'package')]);
  const npm = (args, cwd) => run('npm', [...args, '--offline', '--no-audit', '--no-fund', '--no-update-notifier', '--cache', join(folder, 'cache')], { cwd });
  await npm(['pack', '--pack-destination', folder], join(folder, 'package'));
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{"private":true}');
  await npm(['install', join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')))], project);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('the packed commands, installed without a network, bring nothing with them, and say which version they are', async () => {
  expect(readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['@rollcall']);
  const { version } = JSON.parse(readFileSync(join(root, 'libs/cli/package.json'), 'utf8'));
  expect((await run(rollcall, ['--version'], { cwd: folder })).stdout).toBe(`${version}\n`);
  expect((await run(rollcall, ['help', 'import'], { cwd: folder })).stdout).toContain('Usage: rollcall import users|events FILE');
});

it('they end with the exit code of a command, and with the licences of what is in them', async () => {
  await expect(run(rollcall, ['verify-receipt', 'none.json', '--keys', 'none'], { cwd: folder })).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('ENOENT') });
  expect(readFileSync(join(project, 'node_modules/@rollcall/cli/THIRD-PARTY.txt'), 'utf8')).toContain('MIT License');
});
