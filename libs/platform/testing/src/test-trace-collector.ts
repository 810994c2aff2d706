import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as a collector gets it. */
export interface CollectedSpan {
  traceId: string;
  spanId: string;
  /** Undefined for one that begins a trace. */
  parentSpanId: string | undefined;
  name: string;
  /** As OTLP numbers them: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number;
  attributes: Record<string, string | number | boolean>;
  failed: boolean;
  links: { traceId: string; spanId: string }[];
  /** `service.name` of its process. */
  service: string;
}

type Value = { stringValue?: string; intValue?: number | string; boolValue?: boolean; doubleValue?: number };
interface Attribute {
  key: string;
  value: Value;
}
interface Export {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: { spans: { traceId: string; spanId: string; parentSpanId?: string; name: string; kind: number; attributes: Attribute[]; status?: { code?: number }; links?: { traceId: string; spanId: string }[] }[] }[];
  }[];
}

/** A collector that takes traces by OTLP over HTTP, and keeps them. */
export class TestTraceCollector {
  readonly spans: CollectedSpan[] = [];
  /** Everything it was sent, as it was. */
  readonly bodies: string[] = [];
  readonly requests: IncomingMessage[] = [];
  /** What it answers; `undefined`: nothing, ever. */
  status: number | undefined = 200;

  private constructor(private readonly server: Server) {}

  static async start(port = 0): Promise<TestTraceCollector> {
    const server = createServer();
    const collector = new TestTraceCollector(server);
    server.on('request', (request: IncomingMessage, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        collector.take(request, Buffer.concat(chunks).toString());
        if (collector.status !== undefined) response.writeHead(collector.status, { 'content-type': 'application/json' }).end('{}');
      });
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  of(traceId: string): CollectedSpan[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(request: IncomingMessage, body: string): void {
    this.requests.push(request);
    if (this.status !== 200) return;
    this.bodies.push(body);
    for (const { resource, scopeSpans } of (JSON.parse(body) as Export).resourceSpans) {
      const service = String(toRecord(resource.attributes)['service.name']);
      for (const { attributes, status, links = [], parentSpanId, ...span } of scopeSpans.flatMap(({ spans }) => spans)) {
        this.spans.push({ ...span, parentSpanId: parentSpanId === '' ? undefined : parentSpanId, attributes: toRecord(attributes), failed: status?.code === 2, links, service });
      }
    }
  }
}

function toRecord(attributes: readonly Attribute[]): CollectedSpan['attributes'] {
  return Object.fromEntries(attributes.map(({ key, value: { stringValue, intValue, boolValue, doubleValue } }) => [key, stringValue ?? boolValue ?? Number(intValue ?? doubleValue)]));
}
