import { createParamDecorator, HttpCode, RequestMapping, RequestMethod, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callerOf } from '../access/caller.js';
import { clientOf } from './client.js';
import { idempotencyOf } from './idempotency-key.js';
import { parseInput } from './parse-input.js';
import type { AnswerOf, Route, RouteCall } from './route.js';

export const routeMetadata = 'rollcall:route';

type RouteMethod<R extends Route> = (call: RouteCall<R>) => Promise<AnswerOf<R>>;

/** The method of a `*.routes.ts` class that answers the route. Its one argument is the parsed call. */
export function Serves<R extends Route>(definition: R) {
  return <M extends RouteMethod<R>>(prototype: object, name: string, descriptor: TypedPropertyDescriptor<M>): void => {
    RequestMapping({ method: RequestMethod[definition.method], path: typeof definition.path === 'string' ? definition.path : [...definition.path] })(prototype, name, descriptor);
    HttpCode(definition.answer.status)(prototype, name, descriptor);
    RouteConfig({ rollcallRoute: definition })(prototype, name, descriptor);
    SetMetadata(routeMetadata, definition)(prototype, name, descriptor);
    RouteCallParam(definition)(prototype, name, 0);
  };
}

const RouteCallParam = createParamDecorator((definition: Route, context: ExecutionContext): RouteCall => {
  const http = context.switchToHttp().getRequest<FastifyRequest>();
  const idempotency = idempotencyOf(definition, http);
  return {
    params: parseInput(definition.params, http.params, ''),
    query: parseInput(definition.query, http.query, ''),
    body: bodyOf(definition, http),
    caller: callerOf(http),
    requestId: http.id,
    context: { requestId: http.id, origin: { surface: definition.surface, address: clientOf(http).address }, ...(idempotency === undefined ? {} : { idempotency }) },
    http,
    reply: context.switchToHttp().getResponse<FastifyReply>(),
  };
});

const noFields = z.strictObject({}).nullish();

/** Where no body is taken, C and D refuse fields as they do where one is: who sends some believes that they do something. */
function bodyOf({ surface, method, body, file }: Route, http: FastifyRequest): unknown {
  if (body !== undefined) return parseInput(body, http.body, '');
  const isStrict = (surface === 'project' || surface === 'admin') && method !== 'GET' && method !== 'DELETE' && file === undefined;
  if (isStrict) parseInput(noFields, http.body, '');
  return undefined;
}
