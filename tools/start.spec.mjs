import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { root } from './checkout.mjs';

const run = (...parameters) => spawnSync(process.execPath, parameters, { cwd: root, encoding: 'utf8', env: { PATH: process.env.PATH }, timeout: 60_000 });

describe('an argument where none is read', () => {
  it('to npm start is refused: it would be started otherwise than whoever typed it meant', () => {
    expect(run('tools/start.mjs', 'all', '--port', '4000')).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/^rollcall: Rollcall is started without arguments \(--port 4000\): .*PORT=3001 npm start/) });
  });

  it('to a service is refused: a slip in migrate would start it', () => {
    expect(run('dist/apps/identity/src/main.js', 'migrat')).toMatchObject({ status: 1, stdout: '', stderr: 'rollcall: identity takes no argument but migrate: it is configured by environment variables.\n' });
  });
});
