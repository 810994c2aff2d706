import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure, platformErrors, type FailureValue } from '#libs/platform/errors';
import { BoundedLog, type Logger } from '#libs/platform/logging';
import { callerOf } from '../access/caller.js';
import type { Dialects } from './dialects.js';
import { httpErrors } from './http-errors.js';
import type { Route } from './route.js';
import type { RouteTable } from './route-table.js';

interface FastifyErrorLike {
  statusCode?: number;
  message: string;
}

/** Every failure of a request leaves through here, in the dialect of the surface that was called. */
@Catch()
export class FailureFilter implements ExceptionFilter {
  private readonly refused: BoundedLog;

  constructor(
    private readonly dialects: Dialects,
    private readonly routes: RouteTable,
    private readonly logger: Logger,
  ) {
    this.refused = new BoundedLog(logger, 'a request was refused');
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const failure = this.failureOf(error, request, reply);
    const rendered = this.dialects.of(request).render(failure, request.id);
    if (rendered.status >= 500) {
      this.logger[rendered.status === 503 ? 'warn' : 'error']({ requestId: request.id, code: failure.code, status: rendered.status, err: error }, 'request failed');
    }
    this.noteRefused(failure, request);
    if (reply.sent) return;
    // Who still sends a body would be cut off, and not read why: the rest is read and dropped, for as long as a body may take.
    if (!request.raw.complete) void reply.removeHeader('connection');
    void reply.status(rendered.status).headers(rendered.headers ?? {}).header('content-type', rendered.contentType).send(JSON.stringify(rendered.body));
  }

  /** Whoever looks for an attack finds who was refused what. That somebody brought nothing at all is no news. */
  private noteRefused({ kind, code }: FailureValue, request: FastifyRequest): void {
    if (code === 'credentials-missing' || !['unauthenticated', 'forbidden', 'too-many'].includes(kind)) return;
    this.refused.note({ code, requestId: request.id, route: routeOf(request)?.path, method: request.method, actor: callerOf(request)?.actor });
  }

  private failureOf(error: unknown, request: FastifyRequest, reply: FastifyReply): FailureValue {
    if (error instanceof Failure) return error.value;
    if (error instanceof HttpException && error.getStatus() === 404) return this.unknownRoute(request, reply);
    return fastifyFailure(error as FastifyErrorLike, request) ?? platformErrors.failure('internal-error', 'Something went wrong on our side.').value;
  }

  private unknownRoute(request: FastifyRequest, reply: FastifyReply): FailureValue {
    const allowed = this.routes.methodsOf(request.url);
    if (allowed.length === 0 || allowed.includes(request.method)) return httpErrors.failure('route-not-found', `There is nothing at this path.`).value;
    void reply.header('allow', allowed.join(', '));
    return httpErrors.failure('method-not-allowed', `${request.method} is not allowed here; ${allowed.join(', ')} ${allowed.length === 1 ? 'is' : 'are'}.`).value;
  }
}

/** What Fastify refuses before a route sees it; Nest wraps some of it and passes the rest on. */
function fastifyFailure(error: FastifyErrorLike, request: FastifyRequest): FailureValue | undefined {
  const status = error instanceof HttpException ? error.getStatus() : error.statusCode;
  if (status === undefined || status < 400 || status >= 500) return undefined;
  switch (status) {
    case 413:
      return httpErrors.failure('body-too-large', 'The request body is larger than 1 MiB.').value;
    case 415:
      return httpErrors.failure('unsupported-media-type', `Send the body as ${mediaTypesOf(request)}.`).value;
    default:
      return httpErrors.failure('malformed-request', error.message).value;
  }
}

function mediaTypesOf(request: FastifyRequest): string {
  const route = routeOf(request);
  if (route?.surface === 'oauth') return 'application/x-www-form-urlencoded or application/json';
  return route?.file === undefined ? 'application/json' : Object.keys(route.file.examples).join(' or ');
}

function routeOf(request: FastifyRequest): Route | undefined {
  return ((request.routeOptions?.config ?? {}) as { rollcallRoute?: Route }).rollcallRoute;
}
