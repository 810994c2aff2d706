import { METHOD_METADATA, HEADERS_METADATA } from '@nestjs/common/constants.js';
import type { Type } from '@nestjs/common';
import { answerHeaders, type AnswerHeader } from '../http/answer-headers.js';
import type { Route } from '../http/route.js';
import { routeMetadata } from '../http/serves.js';

/** One endpoint under one of its paths. */
export interface Operation {
  /** Unique and lasting: made of the names of class and method, as `engagementUsersCreate`. */
  id: string;
  /** What it is about, as `Org members`. */
  topic: string;
  /** As OpenAPI writes it: `/v1/users/{uid}`. */
  path: string;
  route: Route;
  /** Headers that decorators of the method set. */
  headers: readonly AnswerHeader[];
}

const headerNames = new Map(Object.keys(answerHeaders).map((name) => [name.toLowerCase(), name as AnswerHeader]));

/** Every operation that the controllers serve, in their order. */
export function operationsOf(controllers: readonly Type[]): Operation[] {
  return controllers.flatMap((controller) => {
    const topic = controller.name.replace(/Routes$/, '');
    return handlersOf(controller).flatMap(([name, handler]) => {
      const route = Reflect.getMetadata(routeMetadata, handler) as Route;
      const id = `${topic.charAt(0).toLowerCase()}${topic.slice(1)}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
      const paths = typeof route.path === 'string' ? [route.path] : route.path;
      const headers = sentHeaders(handler);
      return paths.map((path) => ({ id: paths.length > 1 && path.startsWith('/v1/:project/') ? `${id}InProject` : id, topic: topicText(topic), path: path.replace(/:(\w+)/g, '{$1}'), route, headers }));
    });
  });
}

function handlersOf(controller: Type): [name: string, handler: object][] {
  const prototype = controller.prototype as Record<string, object>;
  return Object.getOwnPropertyNames(prototype).flatMap((name): [string, object][] => {
    const handler = Object.getOwnPropertyDescriptor(prototype, name)?.value as unknown;
    return typeof handler === 'function' && Reflect.hasMetadata(METHOD_METADATA, handler) ? [[name, handler]] : [];
  });
}

function sentHeaders(handler: object): AnswerHeader[] {
  const sent = (Reflect.getMetadata(HEADERS_METADATA, handler) ?? []) as { name: string }[];
  return sent.map(({ name }) => {
    const known = headerNames.get(name.toLowerCase());
    if (known === undefined) throw new Error(`The header ${name} has no description in answer-headers.ts`);
    return known;
  });
}

/** `EngagementEventBatch` → `Event batch`: the surface is told elsewhere. */
function topicText(topic: string): string {
  const words = topic.replace(/^(Engagement|Environment|Project|Admin)(?=[A-Z])/, (surface) => (/^Project(Members)/.test(topic) ? surface : ''));
  const text = words.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`.replace(/\b(api|sdk|sso)\b/gi, (name) => name.toUpperCase());
}
