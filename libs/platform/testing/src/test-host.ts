import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onCleanUp } from './clean-up.js';

let hosts = 0;

/**
 * A host beside this one: a network namespace of Linux, with addresses, routes and a name server of its own, joined to this host by a
 * switch (a bridge in a namespace between them) that can be made to lose everything. It takes `ip` and `nsenter`, and root.
 */
export class TestHost {
  private static impossible: string | undefined | null = null;
  private readonly name: string;
  private readonly switch: string;
  /** At the switch, towards the host. */
  private readonly port: string;
  private readonly folder: string;

  private constructor(
    /** This host's address there. */
    readonly here: string,
    /** The host's own. */
    readonly address: string,
  ) {
    hosts += 1;
    const number = `${process.pid}x${hosts}`;
    this.name = `rollcall-host-${number}`;
    this.switch = `rollcall-switch-${number}`;
    this.port = `rc${number}p`;
    this.folder = mkdtempSync(join(tmpdir(), 'rollcall-host-'));
  }

  /** Why there can be none here, in words; undefined where there can. Looked at once. */
  static whyNot(): string | undefined {
    if (this.impossible === null) this.impossible = findObstacle();
    return this.impossible;
  }

  /** The network between is of this run: another one has another. */
  static make(): TestHost {
    const network = `10.213.${process.pid % 256}`;
    const host = new TestHost(`${network}.1`, `${network}.2`);
    onCleanUp(async () => host.remove());
    host.resolveBy();
    run('ip', 'netns', 'add', host.switch);
    run('ip', 'netns', 'add', host.name);
    run('ip', '-n', host.switch, 'link', 'add', 'switch', 'type', 'bridge');
    run('ip', '-n', host.switch, 'link', 'set', 'switch', 'up');
    const [ours, its] = [`${host.port}1`, `${host.port}2`];
    run('ip', 'link', 'add', ours, 'type', 'veth', 'peer', 'name', 'uplink', 'netns', host.switch);
    run('ip', '-n', host.switch, 'link', 'add', host.port, 'type', 'veth', 'peer', 'name', its, 'netns', host.name);
    for (const port of ['uplink', host.port]) run('ip', '-n', host.switch, 'link', 'set', port, 'master', 'switch', 'up');
    run('ip', 'addr', 'add', `${host.here}/24`, 'dev', ours);
    run('ip', 'link', 'set', ours, 'up');
    run('ip', '-n', host.name, 'addr', 'add', `${host.address}/24`, 'dev', its);
    for (const device of ['lo', its]) run('ip', '-n', host.name, 'link', 'set', device, 'up');
    return host;
  }

  /** Put before a command, it runs there. Its process is the one that is started. */
  get within(): readonly string[] {
    const resolves = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';
    return ['nsenter', `--net=/run/netns/${this.name}`, 'unshare', '--mount', 'sh', '-c', resolves, join(this.folder, 'resolv.conf')];
  }

  /** Whom processes that are started there from now on ask for addresses of names, at port 53; nobody: no name is known. */
  resolveBy(nameServer?: string): void {
    writeFileSync(join(this.folder, 'resolv.conf'), nameServer === undefined ? '' : `nameserver ${nameServer}\noptions timeout:1 attempts:2\n`);
  }

  /** Gives the host an address of the internet too, which nobody but itself can reach. */
  addAddress(address: string): void {
    run('ip', '-n', this.name, 'addr', 'add', `${address}/32`, 'dev', 'lo');
  }

  /** The switch loses everything between this host and that one. Neither is told: cables and addresses are there. */
  cut(): void {
    run('ip', '-n', this.switch, 'link', 'set', this.port, 'nomaster');
  }

  heal(): void {
    run('ip', '-n', this.switch, 'link', 'set', this.port, 'master', 'switch');
  }

  private remove(): void {
    for (const name of [this.name, this.switch]) spawnSync('ip', ['netns', 'del', name]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function findObstacle(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are a thing of Linux';
  if (process.getuid?.() !== 0) return 'network namespaces take root';
  const probe = `rollcall-probe-${process.pid}`;
  try {
    run('nsenter', '--version');
    run('ip', 'netns', 'add', probe);
    run('ip', '-n', probe, 'link', 'add', 'switch', 'type', 'bridge');
    run('ip', '-n', probe, 'link', 'add', 'one', 'type', 'veth', 'peer', 'name', 'other');
    run('nsenter', `--net=/run/netns/${probe}`, 'unshare', '--mount', 'true');
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    spawnSync('ip', ['netns', 'del', probe]);
  }
}

/** @throws Error that says what failed, and how */
function run(command: string, ...parameters: string[]): void {
  const { error, status, stderr } = spawnSync(command, parameters, { encoding: 'utf8' });
  if (error !== undefined) throw new Error(`${command} can’t be run: ${(error as NodeJS.ErrnoException).code ?? error.message}`);
  if (status !== 0) throw new Error(`${[command, ...parameters].join(' ')}: ${stderr.trim()}`);
}
