import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { jestCommand } from './jest-command.mjs';
import { identifyProcess } from './process-identity.mjs';
import { runCommand } from './run-command.mjs';

const second = 1_000;

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

  it('lets its children put away what they have, and begins nothing more', async () => {
    const child = `trap 'sleep 1.5; echo away; exit 0' TERM; echo ready; sleep 60 & wait`;
    const script = `import { runCommand } from ${JSON.stringify(new URL('./run-command.mjs', import.meta.url).href)};
      await runCommand('sh', ['-c', ${JSON.stringify(child)}], { limitMs: 60000, show: true }); await runCommand('echo', ['another'], { limitMs: 60000, show: true });`;
    const tool = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    tool.stdout.on('data', (text) => (said += text));
    await once(tool.stdout, 'data');
    tool.kill('SIGTERM');
    expect((await once(tool, 'exit'))[0]).toBe(143);
    expect(said).toBe('ready\naway\n');
  });
});

describe('the end of a run of jest', () => {
  it('takes along the servers that it has started, which lead groups of their own', async () => {
    const script = `import { spawn } from 'node:child_process'; const server = spawn('sleep', ['60'], { detached: true }); console.log(server.pid); setInterval(() => undefined, 1000);`;
    const [node, ...flags] = jestCommand;
    const run = spawn(node, [...flags.slice(0, -1), '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [pid] = await once(run.stdout, 'data');
    expect(identifyProcess(Number(String(pid)))).toBeDefined();
    run.kill('SIGTERM');
    expect((await once(run, 'exit'))[0]).toBe(143);
    expect(identifyProcess(Number(String(pid)))).toBeUndefined();
  });
});
