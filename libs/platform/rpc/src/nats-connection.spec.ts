import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { Readiness } from '#libs/platform/telemetry';
import { eventually, freePort, LogRecorder, onCleanUp, provisioning, selfSignedCertificate, testApp, testFolder } from '#libs/platform/testing';
import { HandlerRegistry } from './handler-registry.js';
import { Handles } from './handles.js';
import { NatsRpcServer } from './nats-rpc-server.js';
import { RpcClient } from './rpc-client.js';
import { rpcConfig } from './rpc.config.js';
import { RpcModule } from './rpc.module.js';

const greet = defineMessage({ subject: 'test.greet', request: z.object({}), response: z.object({ ok: z.boolean() }) });

@Injectable()
class Greeter {
  @Handles(greet)
  async greet() {
    return { ok: true };
  }
}

/** A real server whose configuration can be changed while it runs. */
class GuardedNats {
  private process: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    readonly port: number,
  ) {}

  static async on(port: number): Promise<GuardedNats> {
    await provisioning();
    const server = new GuardedNats(await testFolder('guarded-nats'), port);
    onCleanUp(async () => void server.process?.kill());
    return server;
  }

  async start(password: string, more = ''): Promise<void> {
    this.configure(password, more);
    this.process = spawn('nats-server', ['--config', this.file], { stdio: ['ignore', 'ignore', 'pipe'] });
    // Read to its end: a server whose log nobody takes ends.
    await new Promise<void>((resolve) => this.process!.stderr!.on('data', (said: Buffer) => void (String(said).includes('Server is ready') && resolve())));
  }

  async startEncrypted(password: string): Promise<void> {
    for (const [name, text] of Object.entries(selfSignedCertificate)) writeFileSync(join(this.folder, name), text);
    await this.start(password, `tls { cert_file: "${join(this.folder, 'certificate')}", key_file: "${join(this.folder, 'key')}" }`);
  }

  /** Who is connected with another password is thrown out. */
  async restartWith(password: string): Promise<void> {
    const ended = once(this.process!, 'exit');
    this.process!.kill();
    await ended;
    await this.start(password);
  }

  private get file(): string {
    return join(this.folder, 'nats-server.conf');
  }

  private configure(password: string, more: string): void {
    writeFileSync(this.file, `host: "127.0.0.1"\nport: ${this.port}\nauthorization { user: "rollcall", password: "${password}" }\n${more}\n`);
  }
}

async function participant(url: string, log = new LogRecorder()) {
  const app = await testApp({ imports: [RpcModule.register('nats')], providers: [Greeter], configs: [rpcConfig], environment: { NATS_URL: url }, log });
  const readiness = app.get(Readiness);
  return { app, rpc: app.get(RpcClient, { strict: false }), started: readiness.whenStarted(), state: async () => (await readiness.check())[0], log };
}

describe('a process whose address of NATS is not right', () => {
  it.each([
    ['a wrong password', 'nats', 'wrong', false, /^NATS_URL is refused by NATS: Authorization Violation\.$/],
    ['a certificate that it does not trust', 'tls', 'right', true, /^NATS_URL asks for an encrypted connection that NATS does not give: .*self-signed certificate\.$/],
    ['TLS where there is none', 'tls', 'right', false, /^NATS_URL asks for an encrypted connection that NATS does not give: server does not support 'tls'\.$/],
  ])('does not start with %s, and says so in a sentence', async (_, protocol, password, encrypted, sentence) => {
    const server = await GuardedNats.on(await freePort());
    await (encrypted ? server.startEncrypted('right') : server.start('right'));
    const { started } = await participant(`${protocol}://rollcall:${password}@127.0.0.1:${server.port}`);
    await expect(started).rejects.toMatchObject({ name: 'StartupError', message: expect.stringMatching(sentence) });
  });
});

it('says why it has no connection yet, in the log once and to whoever asks, and has one when NATS is there', async () => {
  const server = await GuardedNats.on(await freePort());
  const { log, state, started } = await participant(`nats://rollcall:right@127.0.0.1:${server.port}`);
  await eventually(async () => expect(await state()).toEqual({ name: 'nats', ready: false, reason: 'not connected: connection refused' }));
  await server.start('right');
  await started;
  await eventually(async () => expect(await state()).toEqual({ name: 'nats', ready: true }));
  expect(log.atLeast(40)).toEqual([expect.objectContaining({ msg: 'NATS is out of reach for requests, trying again', attempt: 1, err: expect.objectContaining({ message: 'connection refused' }) })]);
});

it('answers and asks again once NATS lets it in again, however often it was refused meanwhile', async () => {
  const server = await GuardedNats.on(await freePort());
  await server.start('right');
  const url = `nats://rollcall:right@127.0.0.1:${server.port}`;
  const { app, rpc, started, state } = await participant(url);
  await started;
  const replica = new NatsRpcServer({ url, queue: 'test' }, app.get(HandlerRegistry, { strict: false }));
  void replica.listen(() => undefined);
  onCleanUp(() => replica.close());
  const asked = () => rpc.call(greet, {}, { requestId: 'spec' });
  await eventually(async () => expect(await asked()).toEqual({ ok: true }));

  await server.restartWith('another');
  await eventually(async () => expect(await state()).toMatchObject({ ready: false }));
  // Each connection is refused at least twice.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  await server.restartWith('right');
  await eventually(async () => expect(await asked()).toEqual({ ok: true }));
});
