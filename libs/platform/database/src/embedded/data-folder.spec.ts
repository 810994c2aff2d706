import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { StartupError } from '#libs/platform/errors';
import { claimDataFolder } from './data-folder.js';
import { CompiledLauncher } from './spec-support/compiled-launcher.js';

const isRoot = process.getuid?.() === 0;

describe('the claim on a data folder', () => {
  let launcher: CompiledLauncher;
  let parent: string;
  let folder: string;

  beforeAll(async () => {
    launcher = await CompiledLauncher.build();
    parent = await mkdtemp(join(tmpdir(), 'rollcall-claims-'));
    await chmod(parent, 0o755);
  });
  afterAll(async () => {
    await launcher.remove();
    await rm(parent, { recursive: true, force: true });
  });
  let number = 0;
  beforeEach(() => {
    folder = join(parent, `folder-${++number}`, 'data');
  });

  const failure = async (): Promise<string> => {
    const error: unknown = await claimDataFolder(folder).then((claim) => claim.release(), (reason: unknown) => reason);
    expect(error).toBeInstanceOf(StartupError);
    return (error as StartupError).message;
  };

  it('creates the folder for its owner alone, whom root lets other users pass through without listing it', async () => {
    const claim = await claimDataFolder(folder);
    expect((await stat(folder)).mode & 0o777).toBe(isRoot ? 0o711 : 0o700);
    expect((await stat(join(folder, 'lock'))).mode & 0o777).toBe(0o700);
    await claim.release();
  });

  it('leaves the mode of a folder that was there', async () => {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o750);
    await (await claimDataFolder(folder)).release();
    expect((await stat(folder)).mode & 0o777).toBe(0o750);
  });

  it('refuses a second claim and names the process and the address that hold the folder', async () => {
    const claim = await claimDataFolder(folder);
    expect(await failure()).toBe(`The data folder ${folder} is in use by the Rollcall with process id ${process.pid}: stop that one, or set ROLLCALL_DATA_DIR to another folder.`);
    await claim.announce('http://127.0.0.1:3000');
    expect(await failure()).toContain(`process id ${process.pid} at http://127.0.0.1:3000:`);
    await claim.release();
  });

  it('can be claimed again after it was given back, as often as wanted, without collecting files', async () => {
    for (let round = 0; round < 5; round++) await (await claimDataFolder(folder)).release();
    expect(await readdir(join(folder, 'lock'))).toHaveLength(1);
  });

  it('takes over from a process that was killed', async () => {
    const run = launcher.run(`await claimDataFolder(${JSON.stringify(folder)}); say('mine')`);
    await run.said();
    expect(await failure()).toContain(`process id ${run.child.pid}`);
    await run.kill('SIGKILL');
    await (await claimDataFolder(folder)).release();
  });

  it('is not deceived by another program that got the process id of a killed one', async () => {
    const claim = await claimDataFolder(folder);
    const [name] = await readdir(join(folder, 'lock'));
    const file = join(folder, 'lock', String(name));
    const held = JSON.parse(await readFile(file, 'utf8')) as { start: string };
    // As after a crash: the claim's process id is alive (ours), but its process began at another time.
    await writeFile(file, JSON.stringify({ ...held, start: `${held.start}0` }));
    await (await claimDataFolder(folder)).release();
    await claim.release();
  });

  it('takes over a claim that a power cut left empty', async () => {
    const claim = await claimDataFolder(folder);
    const [name] = await readdir(join(folder, 'lock'));
    await writeFile(join(folder, 'lock', String(name)), '');
    await (await claimDataFolder(folder)).release();
    await claim.release();
  });

  it('goes to exactly one of many that try at the same moment, also when a dead claim is to be taken over', async () => {
    const killed = launcher.run(`await claimDataFolder(${JSON.stringify(folder)}); say('mine')`);
    await killed.said();
    await killed.kill('SIGKILL');
    for (let round = 0; round < 20; round++) {
      const results = await Promise.allSettled(Array.from({ length: 12 }, () => claimDataFolder(folder)));
      const winners = results.filter((result) => result.status === 'fulfilled');
      expect(winners).toHaveLength(1);
      for (const winner of winners) await winner.value.release();
    }
  });

  it('goes to exactly one of several processes that start at the same moment', async () => {
    const at = Date.now() + 700;
    const script = `while (Date.now() < ${at}); const claim = await claimDataFolder(${JSON.stringify(folder)}); say('mine')`;
    const runs = Array.from({ length: 4 }, () => launcher.run(script));
    const results = await Promise.allSettled(runs.map((run) => run.said()));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    for (const run of runs) await run.kill('SIGKILL');
  });

  it('says so when the folder is a file, or lies below one', async () => {
    await mkdir(join(folder, '..'), { recursive: true });
    await writeFile(folder, '');
    expect(await failure()).toBe(`The data folder ${folder} is a file: set ROLLCALL_DATA_DIR to a folder.`);
    folder = join(folder, 'below');
    expect(await failure()).toBe(`The data folder ${folder} can't be made, since a part of its path is a file: set ROLLCALL_DATA_DIR to a folder.`);
  });

  (process.platform === 'linux' ? it : it.skip)('says so where no folder can be made, even by root', async () => {
    folder = '/proc/rollcall/data';
    expect(await failure()).toMatch(/^The data folder \/proc\/rollcall\/data can't be made there: set ROLLCALL_DATA_DIR to a folder that can be written\.$/);
  });

  it('says so when the folder can not be written', async () => {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o555);
    // Root may write everywhere, so that somebody else has to try.
    const run = launcher.run(`await claimDataFolder(${JSON.stringify(folder)}); say('mine')`, isRoot ? { uid: 65_534, gid: 65_534 } : {});
    expect(await run.output()).toMatch(/^StartupError: The data folder .*\/data can't be written by the user \w+: set ROLLCALL_DATA_DIR to a folder that can be written\.$/);
  });
});
