import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Seen {
  call: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export type Reply = (response: ServerResponse, seen: Seen) => void;

/** What comes to a server, and what it does about it. */
export class TestServer {
  seen: Seen[] = [];
  /** One after the other, the last one for ever. */
  replies: Reply[] = [];
  /** Counts tests: what one of them has left on its way gets no reply of the next one's. */
  private test = 0;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      void text(request).then((body) => {
        const mine = `/${this.test}/`;
        if (request.url?.startsWith(mine) !== true) return void response.destroy();
        const one = { call: `${request.method} ${request.url.slice(mine.length - 1)}`, headers: request.headers, body };
        this.seen.push(one);
        (this.replies.length > 1 ? this.replies.shift()! : this.replies[0]!)(response, one);
      });
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** Another test begins. */
  next(): void {
    this.test += 1;
    this.seen = [];
  }

  /** Of this test. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${this.test}`;
  }
}

export const json = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => (response) => void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body === undefined ? '' : JSON.stringify(body));
export const broken: Reply = (response) => void response.destroy();
export const ok = json(200, { status: 'ok' });
