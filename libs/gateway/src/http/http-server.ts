import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { v7 as newId } from 'uuid';
import type { ConfigValues } from '#libs/platform/config';
import type { gatewayConfig } from '../gateway.config.js';
import type { Dialects } from './dialects.js';
import { routeOf, useFileBodies } from './file-bodies.js';
import { httpErrors } from './http-errors.js';
import { isNestedDeeper } from './json-depth.js';
import { noteBody } from './idempotency-key.js';
import { pathOfProto } from './proto-key.js';

const largestBodyBytes = 1024 * 1024;
/**
 * Of answers that say nothing else: caches, which keep what a key in a header of our own was answered as if it were anybody's, keep none of them; and none is taken
 * for anything but its type.
 */
const unlessSaidOtherwise = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
const requestIdFormat = /^[\w.:+/=-]{1,128}$/;

/** The HTTP server as every surface needs it: request ids, body limits, JSON that tells what is wrong with it. */
export function createHttpAdapter(config: ConfigValues<typeof gatewayConfig>, dialects: Dialects): FastifyAdapter {
  const adapter = new FastifyAdapter({
    // What is wrong with the URL itself is found before there is a route or a hook.
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      const tooLong = error.code === 'FST_ERR_MAX_PARAM_LENGTH';
      const failure = httpErrors.failure('malformed-url', tooLong ? 'A part of the path is too long.' : 'The path is not a valid URL path.').value;
      const rendered = dialects.ofPath(request).render(failure, request.id);
      void reply.headers({ ...unlessSaidOtherwise, 'x-request-id': request.id }).status(rendered.status).header('content-type', rendered.contentType).send(JSON.stringify(rendered.body));
    },
    bodyLimit: largestBodyBytes,
    trustProxy: config.TRUSTED_PROXIES ?? false,
    routerOptions: { maxParamLength: 1_024 },
    // Finishes what is in flight when the process is asked to stop, and tells keep-alive clients to go elsewhere.
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    // Files of any size take their time: `useFileBodies` has the limits of bodies.
    requestTimeout: 0,
    http: { headersTimeout: 30_000 },
    genReqId: (request: IncomingMessage) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && requestIdFormat.test(given) ? given : newId();
    },
    // Surface B's clients may leave out `/v1`; what they never leave out is Basic authentication.
    rewriteUrl: (request: IncomingMessage) => {
      const url = request.url ?? '/';
      return /^\/users(?=[/?]|$)/.test(url) && /^Basic /i.test(request.headers.authorization ?? '') ? `/v1${url}` : url;
    },
  });
  const server = adapter.getInstance();
  server.addHook('onRequest', (request, reply, next) => {
    void reply.headers({ ...unlessSaidOtherwise, 'x-request-id': request.id });
    next();
  });
  return adapter;
}

/**
 * JSON for everybody, forms for OAuth clients alone: JSON that is sent as a form, as curl does by itself, would be one field of
 * an odd name, which some surfaces ignore, and so a write of nothing. An absent body is no body, whatever its type says (clients send that on DELETE).
 */
export function useBodyParsers(adapter: FastifyAdapter): void {
  const server = adapter.getInstance();
  server.removeAllContentTypeParsers();
  useFileBodies(server);
  const parseBody = (type: string | RegExp, parse: (text: string, request: FastifyRequest) => unknown): void => {
    server.addContentTypeParser(type, { parseAs: 'buffer' }, (request, body, done) => {
      try {
        const text = textOf(body as Buffer);
        noteBody(request, text);
        done(null, parse(text, request));
      } catch (error) {
        done(error as Error);
      }
    });
  };
  parseBody('application/x-www-form-urlencoded', (text, request) => {
    if (routeOf(request)?.surface === 'oauth') return parseForm(text);
    if (text === '') return undefined;
    throw httpErrors.failure('unsupported-media-type', 'Send the body as application/json.');
  });
  parseBody(/^application\/([\w.+-]+\+)?json(?:;|$)/, (text) => (text.trim() === '' ? undefined : parseJson(text)));
}

/** Read as they are, bytes that are no text would be stored as U+FFFD, and two bodies that differ in them would be the same. */
function textOf(body: Buffer): string {
  if (!isUtf8(body)) throw httpErrors.failure('malformed-body', 'The body is not valid UTF-8.');
  return body.toString();
}

/** @throws Failure where a parameter is given twice (RFC 6749, 3.2): which of them holds, others may see otherwise */
function parseForm(text: string): Record<string, string> {
  const parameters = [...new URLSearchParams(text)];
  const fields = Object.fromEntries(parameters);
  if (Object.keys(fields).length < parameters.length) throw httpErrors.failure('malformed-body', 'A parameter must not be given more than once.');
  return fields;
}

/** Of a body: more than any route takes, and less than what would exhaust the stack of who reads or writes it by recursion, as `JSON.stringify` does. */
const mostLevels = 64;

/**
 * `JSON.parse` that refuses a key named `__proto__`: no honest client sends it, and code that copies objects would
 * take it for a prototype.
 */
function parseJson(text: string): unknown {
  if (isNestedDeeper(text, mostLevels)) throw httpErrors.failure('malformed-body', `The body must not be nested deeper than ${mostLevels} levels.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw httpErrors.failure('malformed-body', `The body is not valid JSON: ${(error as Error).message.replace(/, "[\s\S]*$/, '').replace(/ in JSON/, '')}.`);
  }
  // Written with escapes it is the same key.
  if (text.includes('__proto__') || (text.includes('\\u') && /\\u00(5f|70|72|6f|74)/i.test(text))) {
    const path = pathOfProto(value);
    if (path !== undefined) throw httpErrors.failure('malformed-body', `${path}: __proto__ is not allowed as a key.`, { details: [{ path, message: 'is not allowed as a key' }] });
  }
  return value;
}
