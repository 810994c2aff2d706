import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { onCleanUp } from './clean-up.js';

interface Pair {
  client: Socket;
  /** Towards the server; none while what came in is kept from it. */
  upstream: Socket | undefined;
  timers: Set<NodeJS.Timeout>;
}

/** What the network does: hand on, refuse, or swallow. */
type Mode = 'pass' | 'refuse' | 'silent';

/**
 * A TCP proxy on this host that stands for the network between a process and a server, and breaks as networks do. Faults
 * hold until `restore`.
 */
export class FaultProxy {
  private readonly pairs = new Set<Pair>();
  private mode: Mode = 'pass';
  private delayMs = 0;
  private accepted = 0;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  /**
   * @param url of the server: `postgres://user:password@127.0.0.1:5432/postgres`, `nats://…`, `redis://…`
   * @param host one of this host's addresses: for whom it is
   */
  static async to(url: string, host = '127.0.0.1'): Promise<FaultProxy> {
    const server = createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    const proxy = new FaultProxy(server, new URL(url));
    onCleanUp(() => proxy.close());
    return proxy;
  }

  /** The server's, by way of this proxy. */
  get url(): string {
    const url = new URL(this.target);
    const { address, port } = this.server.address() as AddressInfo;
    url.hostname = address;
    url.port = String(port);
    return url.toString();
  }

  /** How many connections came since the start. */
  get connections(): number {
    return this.accepted;
  }

  /** From now on everything takes so much longer, each way. */
  delay(ms: number): void {
    this.delayMs = ms;
  }

  /** Breaks every connection off, as a router that says so, and refuses new ones. */
  cut(): void {
    this.mode = 'refuse';
    for (const pair of [...this.pairs]) this.destroy(pair);
  }

  /** Nothing arrives any more, either way, and nobody is told: connections stay, and new ones are taken and not answered. */
  blackHole(): void {
    this.mode = 'silent';
    for (const { client, upstream } of this.pairs) {
      client.pause();
      upstream?.pause();
    }
  }

  /**
   * The server has forgotten the connections there are, and those at the other end don't know: what they send is swallowed.
   * As after a restart of a firewall, or of a host whose last words were lost. New connections work.
   */
  halfOpen(): void {
    for (const pair of this.pairs) {
      pair.upstream?.destroy();
      pair.upstream = undefined;
      pair.client.removeAllListeners('data').resume();
    }
  }

  /** The network works again. What a black hole held back arrives; who was half open stays so. */
  restore(): void {
    this.mode = 'pass';
    this.delayMs = 0;
    for (const pair of this.pairs) {
      pair.client.resume();
      pair.upstream?.resume();
    }
  }

  async close(): Promise<void> {
    this.mode = 'refuse';
    for (const pair of [...this.pairs]) this.destroy(pair);
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private accept(client: Socket): void {
    if (this.mode === 'refuse') return void client.resetAndDestroy();
    this.accepted += 1;
    const upstream = connect({ host: this.target.hostname, port: Number(this.target.port), allowHalfOpen: true });
    const pair: Pair = { client, upstream, timers: new Set() };
    this.pairs.add(pair);
    this.join(pair, client, upstream);
    this.join(pair, upstream, client);
    if (this.mode === 'silent') {
      client.pause();
      upstream.pause();
    }
  }

  private join(pair: Pair, from: Socket, to: Socket): void {
    const line = this.line(pair);
    from.setNoDelay(true);
    from.on('data', (data) => line(() => void (to.writable && to.write(data))));
    from.on('end', () => line(() => to.end()));
    from.on('error', () => undefined); // `close` follows
    from.on('close', () => {
      // The client of a connection that the server has forgotten must not hear of that.
      if (from === pair.client || pair.upstream === from) line(() => this.destroy(pair));
    });
  }

  /** One direction: does what it is given at once, or after the delay, one after the other in any case. */
  private line(pair: Pair): (act: () => void) => void {
    const waiting: { due: number; act: () => void }[] = [];
    const wait = (): void => {
      const [first] = waiting;
      if (first === undefined) return;
      const timer = setTimeout(() => {
        pair.timers.delete(timer);
        waiting.shift();
        first.act();
        wait();
      }, Math.max(first.due - Date.now(), 0));
      pair.timers.add(timer);
    };
    return (act) => {
      if (this.delayMs === 0 && waiting.length === 0) return act();
      waiting.push({ due: Date.now() + this.delayMs, act });
      if (waiting.length === 1) wait();
    };
  }

  private destroy(pair: Pair): void {
    this.pairs.delete(pair);
    for (const timer of pair.timers) clearTimeout(timer);
    pair.client.destroy();
    pair.upstream?.destroy();
  }
}
