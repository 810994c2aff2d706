import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { httpErrors } from './http-errors.js';
import type { Route } from './route.js';

export interface FileBodyLimits {
  /** How long a body may take that is read before its route sees it. */
  bodyWithinMs: number;
  /** How long whoever still sends a file that was refused may take to read why. */
  lingerMs: number;
}

const usual: FileBodyLimits = { bodyWithinMs: 30_000, lingerMs: 2_000 };
/** How long a file may stand still. */
const fileIdleMs = 30_000;

/**
 * The media types of files, which a route that takes one reads itself, as a stream; to every other route they are as unknown as before.
 * Instead of the server's own limit for the whole of a request, which a file of any size would break, there is one for bodies,
 * and one for a file that stands still (`readFile`).
 */
export function useFileBodies(server: FastifyInstance, limits: FileBodyLimits = usual): void {
  server.addContentTypeParser(/^(application\/(x-ndjson|ndjson|jsonl)|text\/csv)(?:;|$)/i, (request: FastifyRequest, payload: Readable, done: (error: Error | null, body?: unknown) => void) => {
    if (routeOf(request)?.file === undefined) done(httpErrors.failure('unsupported-media-type', 'Send the body as application/json.'));
    else done(null, payload);
  });
  const endSlowBody = slowBodies(limits);
  server.addHook('onRequest', (request, reply, next) => {
    if (routeOf(request)?.file === undefined) endSlowBody(request.raw);
    else endRefusedFile(request, reply, limits);
    next();
  });
}

/** The parts of a file as they come. Whoever stops reading them has stopped their sender too. @throws Failure `malformed-request` when nothing comes for long, and when the sender goes away */
export async function* readFile(body: Readable, idleMs = fileIdleMs): AsyncGenerator<Buffer> {
  // Ending early must not end the connection: there is an answer to be read on it.
  const parts = body.iterator({ destroyOnReturn: false });
  for (;;) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(httpErrors.failure('malformed-request', `Nothing more of the file came for ${idleMs / 1_000} s.`)), idleMs);
    });
    let next: IteratorResult<unknown>;
    try {
      next = (await Promise.race([parts.next().catch(brokenOff), late])) as IteratorResult<unknown>;
    } finally {
      clearTimeout(timer);
    }
    if (next.done === true) return;
    yield next.value as Buffer;
  }
}

/** What fails in reading is the sender's connection: nothing on our side. */
function brokenOff(): never {
  throw httpErrors.failure('malformed-request', 'The file broke off before its end.');
}

/** As the server would by itself: 408, and the connection is closed. Nearly all bodies come with their headers: only those that have not by the end of the turn are watched. */
function slowBodies(limits: FileBodyLimits): (raw: IncomingMessage) => void {
  let arrived: IncomingMessage[] = [];
  const watchTheOpen = () => {
    const open = arrived.filter(({ complete, destroyed }) => !complete && !destroyed);
    arrived = [];
    for (const raw of open) endSlowBody(raw, limits);
  };
  return (raw) => {
    if (raw.headers['transfer-encoding'] === undefined && (raw.headers['content-length'] ?? '0') === '0') return;
    if (arrived.push(raw) === 1) setImmediate(watchTheOpen);
  };
}

function endSlowBody(raw: IncomingMessage, { bodyWithinMs }: FileBodyLimits): void {
  const timer = setTimeout(() => {
    if (!raw.complete && raw.socket.writable) raw.socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n', () => raw.socket.destroy());
  }, bodyWithinMs).unref();
  raw.once('close', () => clearTimeout(timer));
}

/** What is still sent of a file after its answer is read by nobody: the connection ends soon. */
function endRefusedFile({ raw }: FastifyRequest, reply: FastifyReply, { lingerMs }: FileBodyLimits): void {
  reply.raw.once('finish', () => {
    if (!raw.complete) setTimeout(() => raw.complete || raw.socket.destroy(), lingerMs).unref();
  });
}

/** The route that serves a request; undefined where none does. */
export function routeOf(request: FastifyRequest): Route | undefined {
  return (request.routeOptions.config as { rollcallRoute?: Route }).rollcallRoute;
}
