import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { onCleanUp } from './clean-up.js';
import { eventually, pause } from './eventually.js';
import { FaultProxy } from './fault-proxy.js';

/** Answers every line with the line. */
let echo: string;
const atServer = new Set<Socket>();

beforeAll(async () => {
  const server = createServer((socket) => {
    atServer.add(socket);
    socket.on('error', () => undefined).on('close', () => atServer.delete(socket));
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanUp(async () => {
    for (const socket of atServer) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  echo = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

class Talker {
  heard = '';
  closed = false;
  private constructor(private readonly socket: Socket) {
    socket.setEncoding('utf8').on('data', (text: string) => (this.heard += text));
    socket.on('error', () => undefined).on('close', () => (this.closed = true));
  }

  static to(proxy: FaultProxy): Talker {
    const { port } = new URL(proxy.url);
    const socket = connect(Number(port), '127.0.0.1');
    onCleanUp(async () => void socket.destroy());
    return new Talker(socket);
  }

  async say(text: string): Promise<void> {
    this.socket.write(text);
    await pause(50);
  }

  hears(text: string): Promise<void> {
    return eventually(() => expect(this.heard).toBe(text));
  }
}

describe('the proxy that stands for a network', () => {
  it('hands on both ways, under an address like the server’s', async () => {
    const proxy = await FaultProxy.to(echo.replace('//', '//user:secret@') + '/name');
    expect(proxy.url).toMatch(/^tcp:\/\/user:secret@127\.0\.0\.1:\d+\/name$/);
    const talker = Talker.to(proxy);
    await talker.say('one');
    await talker.hears('one');
    expect(proxy.connections).toBe(1);
  });

  it('delays, and keeps the order', async () => {
    const proxy = await FaultProxy.to(echo);
    const talker = Talker.to(proxy);
    await talker.say('a');
    await talker.hears('a');
    proxy.delay(150);
    await talker.say('b');
    proxy.delay(20);
    await talker.say('c');
    expect(talker.heard).toBe('a');
    await talker.hears('abc');
  });

  it('cuts connections off and refuses new ones until it is restored', async () => {
    const proxy = await FaultProxy.to(echo);
    const talker = Talker.to(proxy);
    await talker.say('one');
    proxy.cut();
    await eventually(() => expect(talker.closed).toBe(true));
    const refused = Talker.to(proxy);
    await eventually(() => expect(refused.closed).toBe(true));
    proxy.restore();
    const again = Talker.to(proxy);
    await again.say('two');
    await again.hears('two');
  });

  it('swallows everything without a word, and hands it on when it is restored', async () => {
    const proxy = await FaultProxy.to(echo);
    const before = Talker.to(proxy);
    await before.say('one');
    await before.hears('one');
    proxy.blackHole();
    const meanwhile = Talker.to(proxy);
    await Promise.all([before.say('two'), meanwhile.say('three')]);
    await pause(100);
    expect([before.heard, before.closed, meanwhile.heard, meanwhile.closed]).toEqual(['one', false, '', false]);
    proxy.restore();
    await before.hears('onetwo');
    await meanwhile.hears('three');
  });

  it('leaves connections half open: gone at the server, there and silent at the client, while new ones work', async () => {
    const proxy = await FaultProxy.to(echo);
    const talker = Talker.to(proxy);
    await talker.say('one');
    await talker.hears('one');
    const before = atServer.size;
    proxy.halfOpen();
    await eventually(() => expect(atServer.size).toBe(before - 1));
    await talker.say('two');
    expect([talker.heard, talker.closed]).toEqual(['one', false]);
    const fresh = Talker.to(proxy);
    await fresh.say('three');
    await fresh.hears('three');
    proxy.restore();
    await talker.say('four');
    expect([talker.heard, talker.closed]).toEqual(['one', false]);
  });
});
