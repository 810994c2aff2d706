import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { root } from '../checkout.mjs';

const code = `async function send(): Promise<number> {
  return 1;
}
export function parse(text: string): string {
  send();
  const value: string = JSON.parse(text);
  return value;
}
`;

describe('the rules that need types', () => {
  let checkout;
  beforeAll(() => {
    checkout = mkdtempSync(join(tmpdir(), 'rollcall-lint-'));
    copyFileSync(join(root, '.oxlintrc.json'), join(checkout, '.oxlintrc.json'));
    symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules')); // where it looks for its other half
    writeFileSync(join(checkout, 'tsconfig.json'), JSON.stringify({ compilerOptions: { strict: true, target: 'ES2022', types: [] }, include: ['libs'] }));
    for (const file of ['libs/identity/src/probe.ts', 'libs/identity/src/probe.spec.ts']) {
      mkdirSync(dirname(join(checkout, file)), { recursive: true });
      writeFileSync(join(checkout, file), code);
    }
  });
  afterAll(() => rmSync(checkout, { recursive: true, force: true }));

  function refusedIn(file) {
    const { stdout } = spawnSync(process.execPath, [join(root, 'node_modules/oxlint/bin/oxlint'), '--type-aware', '--format=json', file], { cwd: checkout, encoding: 'utf8' });
    return JSON.parse(stdout).diagnostics.map(({ code: rule }) => rule).sort();
  }

  it('refuse a promise that nobody waits for, and a value of any type', () => {
    expect(refusedIn('libs/identity/src/probe.ts')).toEqual(['typescript(no-floating-promises)', 'typescript(no-unsafe-assignment)']);
  });

  it('let a spec look into any JSON', () => {
    expect(refusedIn('libs/identity/src/probe.spec.ts')).toEqual(['typescript(no-floating-promises)']);
  });
});
