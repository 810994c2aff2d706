import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, freePort, provisioning } from '#libs/platform/testing';

type Server = Awaited<ReturnType<Awaited<ReturnType<typeof provisioning>>['startNats']>>;

interface Node {
  name: string;
  port: number;
  clusterPort: number;
  monitoringPort: number;
  server: Server | undefined;
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/** Three nats-servers that keep each event three times. */
export class NatsCluster {
  private constructor(
    private readonly folder: string,
    private readonly nodes: readonly Node[],
  ) {}

  static async start(folder: string): Promise<NatsCluster> {
    const nodes: Node[] = [];
    for (const name of ['one', 'two', 'three']) nodes.push({ name, port: await freePort(), clusterPort: await freePort(), monitoringPort: await freePort(), server: undefined });
    const cluster = new NatsCluster(folder, nodes);
    await Promise.all(nodes.map(({ name }) => cluster.begin(name)));
    await cluster.untilCurrent();
    return cluster;
  }

  get url(): string {
    return this.nodes.map(({ port }) => `nats://127.0.0.1:${port}`).join(',');
  }

  /** The server that leads the stream of events, and how many follow it. */
  async leader(): Promise<{ name: string; followers: number }> {
    const { account_details: accounts } = (await this.ask('/jsz?streams=true')) as { account_details: { stream_detail: { cluster: { leader: string; replicas?: unknown[] } }[] }[] };
    const { cluster } = accounts[0]!.stream_detail[0]!;
    return { name: cluster.leader, followers: cluster.replicas?.length ?? 0 };
  }

  async begin(name: string): Promise<void> {
    const node = this.get(name);
    const { startNats } = await provisioning();
    const cluster = { name, port: node.clusterPort, routes: this.nodes.map(({ clusterPort }) => clusterPort), monitoringPort: node.monitoringPort };
    node.server = await startNats({ storeDir: join(this.folder, name), port: node.port, log: silent, cluster });
  }

  /** As a machine that burns: the process and its disk are gone. */
  async destroy(name: string): Promise<void> {
    const node = this.get(name);
    await node.server?.kill();
    node.server = undefined;
    await rm(join(this.folder, name), { recursive: true, force: true });
  }

  /** Every server that runs has all that there is. */
  async untilCurrent(): Promise<void> {
    await eventually(async () => {
      for (const { monitoringPort, name, server } of this.nodes) {
        if (server === undefined) continue;
        const { status } = await fetch(`http://127.0.0.1:${monitoringPort}/healthz`);
        if (status !== 200) throw new Error(`${name} is not up to date: ${status}`);
      }
    }, 60_000);
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map(async ({ server }) => server?.stop()));
  }

  private async ask(path: string): Promise<unknown> {
    const node = this.nodes.find(({ server }) => server !== undefined);
    if (node === undefined) throw new Error('no server of the cluster runs');
    return (await fetch(`http://127.0.0.1:${node.monitoringPort}${path}`)).json();
  }

  private get(name: string): Node {
    const node = this.nodes.find((one) => one.name === name);
    if (node === undefined) throw new Error(`there is no server ${name}`);
    return node;
  }
}
