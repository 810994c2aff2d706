import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, jest } from '@jest/globals';
import { identifyProcess } from './process-identity.mjs';
import { runCommand } from './run-command.mjs';

const second = 1_000;
jest.setTimeout(30 * second); // starting a process takes its time on a busy machine

async function untilGone(pid) {
  while (identifyProcess(pid) !== undefined) await new Promise((later) => setTimeout(later, 20));
}

describe('running a command', () => {
  it('collects what it says and tells how it ended', async () => {
    expect(await runCommand('sh', ['-c', 'echo out; echo err >&2'], { limitMs: 10 * second })).toEqual({ ok: true, output: 'out\nerr\n', trouble: undefined });
    expect(await runCommand('sh', ['-c', 'exit 3'], { limitMs: 10 * second })).toMatchObject({ ok: false, trouble: 'exit code 3' });
    expect(await runCommand('sh', ['-c', 'kill -9 $$'], { limitMs: 10 * second })).toMatchObject({ ok: false, trouble: 'signal SIGKILL' });
    expect(await runCommand('no-such-program', [], { limitMs: 10 * second })).toMatchObject({ ok: false, trouble: 'no-such-program was not found' });
  });

  it('ends what takes too long, and what that has started', async () => {
    const result = await runCommand('sh', ['-c', 'sleep 60 & echo $!; wait'], { limitMs: 300 });
    expect(result).toMatchObject({ ok: false, trouble: 'not finished after 0.005 minutes' });
    await untilGone(Number(result.output));
  });

  it('takes its children along when the operator ends it', async () => {
    const script = `import { runCommand } from ${JSON.stringify(new URL('./run-command.mjs', import.meta.url).href)}; await runCommand('sh', ['-c', 'echo $$; sleep 60'], { limitMs: 60000, show: true });`;
    const tool = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [pid] = await once(tool.stdout, 'data');
    tool.kill('SIGINT');
    expect((await once(tool, 'exit'))[0]).toBe(130);
    await untilGone(Number(String(pid)));
  });
});
