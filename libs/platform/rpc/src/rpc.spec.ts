import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Injectable, Module, type INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { connect } from '@nats-io/transport-node';
import { z } from 'zod';
import { readConfig } from '#libs/platform/config';
import { defineErrors } from '#libs/platform/errors';
import { createLogger, Logger } from '#libs/platform/logging';
import { defineMessage, type CallContext, type RequestOf, type ResponseOf } from '#libs/platform/messages';
import { Readiness, TelemetryModule } from '#libs/platform/telemetry';
import { eventually, FaultProxy, pause, provisioning } from '#libs/platform/testing';
import { HandlerRegistry } from './handler-registry.js';
import { Handles } from './handles.js';
import { NatsRpcServer } from './nats-rpc-server.js';
import { Announcements } from './announcements.js';
import { RpcClient } from './rpc-client.js';
import { rpcConfig } from './rpc.config.js';
import { RpcModule } from './rpc.module.js';

const errors = defineErrors({ 'too-odd': 'conflict' });

const echo = defineMessage({
  subject: 'test.echo',
  request: z.object({ text: z.string(), times: z.number().default(1), bag: z.record(z.string(), z.unknown()).optional() }),
  response: z.object({ text: z.string(), requestId: z.string(), answeredBy: z.string(), origin: z.object({ surface: z.string(), address: z.string().nullable() }).nullable() }),
});
const refuse = defineMessage({ subject: 'test.refuse', request: z.object({}), response: z.object({}), errors: ['too-odd'] });
const crash = defineMessage({ subject: 'test.crash', request: z.object({}), response: z.object({}) });
const undeclared = defineMessage({ subject: 'test.undeclared', request: z.object({}), response: z.object({}) });
const mutate = defineMessage({ subject: 'test.mutate', request: z.object({ list: z.array(z.string()) }), response: z.object({}) });
const hang = defineMessage({ subject: 'test.hang', request: z.object({}), response: z.object({}), deadlineMs: 150 });
const slow = defineMessage({ subject: 'test.slow', request: z.object({}), response: z.object({}) });
const broken = defineMessage({ subject: 'test.broken', request: z.object({}), response: z.object({ n: z.number() }) });
const nobody = defineMessage({ subject: 'nobody.here', request: z.object({}), response: z.object({}) });

const silent = createLogger({ level: 'silent', format: 'json', service: 'spec' });
let instances = 0;

@Injectable()
class TestMessages {
  private readonly name = `replica ${(instances += 1)}`;

  @Handles(echo)
  async echo({ text, times }: RequestOf<typeof echo>, { requestId, origin }: CallContext): Promise<ResponseOf<typeof echo>> {
    return { text: text.repeat(times), requestId, answeredBy: this.name, origin: origin ?? null };
  }

  @Handles(refuse)
  async refuse(): Promise<ResponseOf<typeof refuse>> {
    throw errors.failure('too-odd', 'That is too odd.', { details: [{ path: 'x', message: 'odd' }] });
  }

  @Handles(crash)
  async crash(): Promise<ResponseOf<typeof crash>> {
    throw new Error('secret detail of our own');
  }

  @Handles(undeclared)
  async undeclared(): Promise<ResponseOf<typeof undeclared>> {
    throw errors.failure('too-odd', 'Nobody said that this could happen.');
  }

  @Handles(mutate)
  async mutate({ list }: RequestOf<typeof mutate>): Promise<ResponseOf<typeof mutate>> {
    list.push('changed by the handler');
    return {};
  }

  @Handles(hang)
  async hang(): Promise<ResponseOf<typeof hang>> {
    await new Promise((resolve) => setTimeout(resolve, 400));
    return {};
  }

  @Handles(slow)
  async slow(): Promise<ResponseOf<typeof slow>> {
    await new Promise((resolve) => setTimeout(resolve, 400));
    return {};
  }

  @Handles(broken)
  async broken(): Promise<ResponseOf<typeof broken>> {
    return { n: 'not a number' as never };
  }
}

type Transport = 'in-process' | 'nats';

async function startParticipant(transport: Transport, environment: Record<string, string>, handlers: boolean): Promise<INestApplicationContext> {
  const config = readConfig([rpcConfig], { RPC_CHECK_REPLIES: 'true', ...environment }).values.get(rpcConfig.token);
  @Module({ providers: [{ provide: Logger, useValue: silent }, { provide: rpcConfig.token, useValue: config }], exports: [Logger, rpcConfig.token] })
  class Platform {}
  const module = await Test.createTestingModule({
    imports: [{ module: Platform, global: true }, TelemetryModule, RpcModule.register(transport)],
    providers: handlers ? [TestMessages] : [],
  }).compile();
  return module.init();
}

describe.each<Transport>(['in-process', 'nats'])('requests between services, %s', (transport) => {
  const context = { requestId: 'req-1' };
  const stops: (() => Promise<unknown>)[] = [];
  let rpc: RpcClient;
  /** Of two processes, where there are several. */
  let speakers: [Announcements, Announcements];
  let natsUrl = '';

  beforeAll(async () => {
    if (transport === 'in-process') {
      const app = await startParticipant(transport, {}, true);
      stops.push(() => app.close());
      rpc = app.get(RpcClient);
      speakers = [app.get(Announcements), app.get(Announcements)];
      return;
    }
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-rpc-'));
    const nats = await (await provisioning()).startNats({ storeDir: folder });
    stops.push(() => rm(folder, { recursive: true, force: true }), () => nats.stop());
    natsUrl = nats.url;
    for (let replica = 0; replica < 2; replica += 1) stops.push((await startServer(nats.url)).stop);
    const caller = await startParticipant(transport, { NATS_URL: nats.url }, false);
    stops.push(() => caller.close());
    const other = await startParticipant(transport, { NATS_URL: nats.url }, false);
    stops.push(() => other.close());
    for (const participant of [caller, other]) await participant.get(Readiness).whenStarted();
    rpc = caller.get(RpcClient);
    speakers = [caller.get(Announcements), other.get(Announcements)];
  });

  async function startServer(url: string, ready?: Promise<void>): Promise<{ server: NatsRpcServer; stop: () => Promise<void> }> {
    const callee = await startParticipant(transport, { NATS_URL: url }, true);
    const server = new NatsRpcServer({ url, queue: 'test', ready }, callee.get(HandlerRegistry));
    const listening = new Promise<void>((resolve, reject) => void server.listen((error?: unknown) => (error ? reject(error) : resolve())));
    if (ready === undefined) await listening;
    return { server, stop: async () => void (await server.close(), await callee.close()) };
  }

  afterAll(async () => {
    for (const stop of stops.reverse()) await stop();
  });

  const failureOf = (call: Promise<unknown>) => call.then(() => undefined, (error: { value: unknown }) => error.value);

  it('answers what the handler says, with defaults filled in and the request id passed on', async () => {
    expect(await rpc.call(echo, { text: 'ab' }, context)).toMatchObject({ text: 'ab', requestId: 'req-1' });
    expect(await rpc.call(echo, { text: 'ab', times: 3 }, context)).toMatchObject({ text: 'ababab' });
  });

  it('tells the handler through which surface and from where the request came, and nothing where none did', async () => {
    const origin = { surface: 'admin', address: '192.0.2.7' };
    expect(await rpc.call(echo, { text: 'ab' }, { ...context, origin })).toMatchObject({ origin });
    expect(await rpc.call(echo, { text: 'ab' }, context)).toMatchObject({ origin: null });
  });

  it('leave room for announcements, which everybody hears who listens', async () => {
    const heard: string[] = [];
    for (const [index, speaker] of speakers.entries()) speaker.hear('spec', () => heard.push(`${index} by ${index}`));
    speakers[0].hear('other', () => heard.push('of something else'));
    await eventually(async () => {
      heard.length = 0;
      await speakers[1].announce('spec');
      expect(heard.sort()).toEqual(['0 by 0', '1 by 1']);
    });
  });

  it('is answered by one replica, and by each in turn', async () => {
    expect((await answering(40)).size).toBe(transport === 'nats' ? 2 : 1);
  });

  it('refuses a malformed request before the handler sees it, and names the place', async () => {
    expect(await failureOf(rpc.call(echo, { text: 7 } as never, context))).toMatchObject({ kind: 'invalid', code: 'invalid-request', details: [{ path: 'text' }] });
  });

  it('carries a declared failure over as it is', async () => {
    expect(await failureOf(rpc.call(refuse, {}, context))).toEqual({ kind: 'conflict', code: 'too-odd', message: 'That is too odd.', details: [{ path: 'x', message: 'odd' }] });
  });

  it('tells nothing of an unexpected error', async () => {
    const failure = await failureOf(rpc.call(crash, {}, context));
    expect(failure).toMatchObject({ kind: 'internal', code: 'internal-error' });
    expect(JSON.stringify(failure)).not.toContain('secret');
  });

  it('does not let a handler answer a code that its contract does not name', async () => {
    expect(await failureOf(rpc.call(undeclared, {}, context))).toMatchObject({ code: 'internal-error' });
  });

  it('does not let a handler answer what its contract does not say', async () => {
    expect(await failureOf(rpc.call(broken, {}, context))).toMatchObject({ code: 'internal-error' });
  });

  it('shares no object between caller and handler', async () => {
    const list = ['mine'];
    await rpc.call(mutate, { list }, context);
    expect(list).toEqual(['mine']);
  });

  it('gives up at the deadline of the message, and at the caller’s when that is sooner', async () => {
    expect(await failureOf(rpc.call(hang, {}, context))).toMatchObject({ kind: 'unavailable', message: 'The test service did not answer in time.', retryAfter: 1 });
    const before = Date.now();
    expect(await failureOf(rpc.call(hang, {}, { ...context, deadlineAt: before - 1 }))).toMatchObject({ kind: 'unavailable' });
  });

  /** Who answers calls that come one after the other: those that come together share a message, and who takes it. */
  async function answering(calls: number): Promise<Set<string>> {
    const replicas = new Set<string>();
    for (let call = 0; call < calls; call += 1) replicas.add((await rpc.call(echo, { text: 'x' }, context)).answeredBy);
    return replicas;
  }

  const itOverNats = transport === 'nats' ? it : () => undefined;

  itOverNats('has a replica that stops answer what it has taken', async () => {
    const { server, stop } = await startServer(natsUrl);
    stops.push(stop);
    const answers = Array.from({ length: 40 }, () => rpc.call(slow, {}, context));
    await new Promise((resolve) => setTimeout(resolve, 200)); // they are in the middle of it
    await server.close();
    expect((await Promise.allSettled(answers)).filter(({ status }) => status === 'rejected')).toEqual([]);
  });

  itOverNats('asks no replica that says it is not ready, until it is', async () => {
    let getReady!: () => void;
    const ready = new Promise<void>((resolve) => (getReady = resolve));
    const { server, stop } = await startServer(natsUrl, ready);
    stops.push(stop);
    expect((await answering(60)).size).toBe(2);
    getReady();
    await server.listening;
    await eventually(async () => expect((await answering(60)).size).toBe(3)); // once all have heard of it
  });

  itOverNats('asks no replica whose host is gone without a word, though the broker takes what it sends there for a sign of life', async () => {
    const network = await FaultProxy.to(natsUrl);
    const { stop } = await startServer(network.url);
    stops.push(stop, async () => network.restore());
    await eventually(async () => expect((await answering(60)).size).toBeGreaterThan(2));
    network.blackHole();
    let asking = true;
    const others = (async () => {
      for (; asking; await pause(20)) void rpc.call(echo, { text: 'x' }, context).catch(() => undefined);
    })();
    try {
      await eventually(async () => expect((await answering(40)).size).toBeGreaterThan(1), 30_000);
    } finally {
      asking = false;
      await others;
    }
  }, 60_000);

  it('answers each of many that are made together with its own answer, and a slow one holds up no other', async () => {
    const slowest = rpc.call(slow, {}, context).then(() => 'slow');
    const texts = Array.from({ length: 100 }, (_, n) => `text ${n}`);
    const answers = Promise.all(texts.map((text) => rpc.call(echo, { text }, context)));
    const refused = failureOf(rpc.call(refuse, {}, context));
    expect(await Promise.race([slowest, answers])).toHaveLength(100);
    expect((await answers).map(({ text }) => text)).toEqual(texts);
    expect(await refused).toMatchObject({ code: 'too-odd' });
    await slowest;
  });

  itOverNats('has many that are made together share a message, and their answers too', async () => {
    const watch = await connect({ servers: natsUrl });
    const requests: number[] = [];
    watch.subscribe('requests.>', { callback: (_, message) => void requests.push(message.json<{ requests: unknown[] }>().requests.length) });
    await watch.flush();
    await Promise.all(Array.from({ length: 80 }, () => rpc.call(echo, { text: 'x' }, context)));
    await watch.close();
    expect(requests).toEqual([64, 16]);
  });

  itOverNats('refuses what is too large for a message, and says so of an answer', async () => {
    const text = 'x'.repeat(9 * 1024 * 1024);
    expect(await failureOf(rpc.call(echo, { text }, context))).toMatchObject({ code: 'message-too-large', message: 'The request test.echo is too large.' });
    expect(await failureOf(rpc.call(echo, { text: 'x'.repeat(3 * 1024 * 1024), times: 3 }, context))).toMatchObject({ code: 'message-too-large', message: 'The answer to test.echo is too large.' });
  });

  it('says at once that a service is not there', async () => {
    expect(await failureOf(rpc.call(nobody, {}, { ...context, deadlineAt: Date.now() + 60_000 }))).toMatchObject({ kind: 'unavailable', message: 'The nobody service is not running.' });
  });
});

describe('declaring handlers', () => {
  it('fails the start when two answer one message', async () => {
    @Injectable()
    class Again {
      @Handles(refuse)
      async refuse(): Promise<ResponseOf<typeof refuse>> {
        return {};
      }
    }
    const config = readConfig([rpcConfig], {}).values.get(rpcConfig.token);
    const module = await Test.createTestingModule({
      imports: [TelemetryModule, RpcModule.register('in-process'), { module: class P {}, global: true, providers: [{ provide: Logger, useValue: silent }, { provide: rpcConfig.token, useValue: config }], exports: [Logger, rpcConfig.token] }],
      providers: [TestMessages, Again],
    }).compile();
    await expect(module.init()).rejects.toThrow('Two handlers answer test.refuse.');
  });
});
