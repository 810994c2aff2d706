import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { checkoutFolder } from '#libs/platform/testing';
import { platform } from './platform-under-test.js';

interface Example {
  /** Where it stands: a reader of a failure finds it there. */
  title: string;
  commands: string;
  /** Of the demo's, those that the guide says how to set. */
  variables: ReadonlySet<string>;
  /** The answer that the guide shows; absent: none. */
  answer: string | undefined;
}

const folder = mkdtempSync(join(tmpdir(), 'rollcall-guides-'));
// As `npm link` puts it on the path, without a look at whether it has to be built.
writeFileSync(join(folder, 'rollcall'), `#!/bin/sh\nexec "${process.execPath}" "${join(checkoutFolder, 'dist/apps/cli/src/main.js')}" "$@"\n`, { mode: 0o755 });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(['requests', 'syncing-users', 'tracking-events', 'lists', 'segments', 'project-users', 'erasing-users', 'command-line'])('the guide "%s"', (guide) => {
  // In their order: later ones build on what earlier ones made.
  it.each(examplesOf(guide).map((example) => [example.title, example] as const))('shows what happens: %s', async (_title, { commands, variables, answer }) => {
    const output = await runInShell(commands, variables);
    if (answer !== undefined) expect(JSON.parse(output)).toEqual(expectation(JSON.parse(answer)));
  });
});

function examplesOf(guide: string): Example[] {
  const text = readFileSync(join(checkoutFolder, 'docs/guides', `${guide}.md`), 'utf8');
  const blocks = [...text.matchAll(/^(?<!<!-- not run: [^\n]+ -->\n)```sh\n([^]*?)^```\n(?:\n```json\n([^]*?)^```$)?/gm)];
  const examples: Omit<Example, 'variables'>[] = blocks.map(([, commands = '', answer], index) => ({ title: `${text.slice(0, blocks[index]!.index).match(/^## .*$/gm)?.at(-1)?.slice(3) ?? guide} (${index})`, commands, answer }));
  // The demo's address and keys are those of the platform under test here.
  const [settings, others] = [true, false].map((isSetting) => examples.filter(({ commands }) => commands.includes('demo.json') === isSetting));
  const variables = new Set(settings!.flatMap(({ commands }) => [...commands.matchAll(/\b([A-Z_]+)=/g)].map(([, name = '']) => name)));
  return others!.map((example) => ({ ...example, variables }));
}

/** The answer with `"…"` for whatever text or number. */
function expectation(value: unknown): unknown {
  if (value === '…') return expect.anything();
  if (Array.isArray(value)) return value.map(expectation);
  return value === null || typeof value !== 'object' ? value : Object.fromEntries(Object.entries(value).map(([key, child]) => [key, expectation(child)]));
}

function runInShell(commands: string, variables: ReadonlySet<string>): Promise<string> {
  const { engagement, apiKey, project, superAdmin } = platform.demo;
  const demo = { ROLLCALL: platform.url, KEY: engagement.key, SECRET: engagement.secret, ADMIN_KEY: apiKey, PROJECT: project.id, SUPER_KEY: superAdmin.apiKey };
  const told = Object.fromEntries(Object.entries(demo).filter(([name]) => variables.has(name)));
  const shell = spawn('sh', ['-euc', commands], { cwd: folder, env: { ...process.env, XDG_CONFIG_HOME: join(folder, 'config'), ...told, PATH: `${folder}:${process.env['PATH']}` }, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    shell.on('error', reject).on('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`ended with ${code}: ${commands}`))));
  });
}
