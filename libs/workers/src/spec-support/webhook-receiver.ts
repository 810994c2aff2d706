import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  event: { id: string; type: string; subject: string; data: { version?: number; user?: { email: string } | null; erased?: boolean } };
}

/** A system that webhooks are sent to: it keeps what it took, and refuses what it is told to. */
export class WebhookReceiver {
  readonly taken: Received[] = [];
  /** Every request, also those that were not taken. */
  asked = 0;
  /** The same delivery was there twice at the same time. */
  overlaps = 0;
  /** What is answered. */
  status: number | ((received: Received) => number) = 204;
  /** With these headers. */
  headers: Record<string, string> = {};
  /** Milliseconds before it is. */
  delayMs = 0;
  private readonly open = new Set<string>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<WebhookReceiver> {
    const server = createServer();
    const receiver = new WebhookReceiver(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        const body = Buffer.concat(chunks).toString();
        const received = { headers: request.headers, body, event: JSON.parse(body) as Received['event'] };
        receiver.take(received, (status) => response.writeHead(status, { location: '/elsewhere', ...receiver.headers }).end('x'.repeat(100)));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(received: Received, answer: (status: number) => void): void {
    const id = received.event.id;
    this.asked += 1;
    if (this.open.has(id)) this.overlaps += 1;
    this.open.add(id);
    setTimeout(() => {
      this.open.delete(id);
      const status = typeof this.status === 'number' ? this.status : this.status(received);
      if (status < 300) this.taken.push(received);
      answer(status);
    }, this.delayMs);
  }
}
