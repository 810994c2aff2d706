import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalServer, LocalServerOptions } from '../../../../tools/provision.mjs';
import { onCleanUp } from './clean-up.js';
import { provisioning } from './provisioning.js';
import { testFolder } from './test-folder.js';

/** A real server that belongs to the spec file, on a free port that stays its own. */
export class TestServer {
  private constructor(
    private readonly launch: (options: LocalServerOptions) => Promise<LocalServer>,
    readonly folder: string,
    private server: LocalServer,
  ) {}

  static async start(name: string, launch: (options: LocalServerOptions) => Promise<LocalServer>): Promise<TestServer> {
    const folder = await testFolder(name);
    const test = new TestServer(launch, folder, await launch({ storeDir: folder }));
    onCleanUp(() => test.stop());
    return test;
  }

  get url(): string {
    return this.server.url;
  }

  /** As an operator stops it. */
  async stop(): Promise<void> {
    await this.server.stop();
  }

  /** As a crash ends it. */
  async kill(): Promise<void> {
    await this.server.kill();
  }

  /** Again, on the same port and with the data it has. */
  async start(): Promise<void> {
    this.server = await this.launch({ storeDir: this.folder, port: this.server.port });
  }

  /** Deletes its data; it must not run. */
  async wipe(): Promise<void> {
    for (const entry of await readdir(this.folder)) await rm(join(this.folder, entry), { recursive: true, force: true });
  }
}

/** A nats-server with JetStream, with a store of its own. */
export async function testNats(): Promise<TestServer> {
  return TestServer.start('nats', (await provisioning()).startNats);
}

/** A redis-server with an append-only file of its own. */
export async function testRedis(): Promise<TestServer> {
  return TestServer.start('redis', (await provisioning()).startRedis);
}
