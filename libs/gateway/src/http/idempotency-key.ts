import { hash as digest } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { staffRealmId } from '#libs/contracts';
import { platformErrors } from '#libs/platform/errors';
import type { IdempotencyKey } from '#libs/platform/messages';
import { callerOf, type Caller } from '../access/caller.js';
import type { Route } from './route.js';

/** Whether a POST takes an `Idempotency-Key`; if not, why. Clients send one everywhere, so it is never an error. */
export type IdempotencyRule = 'honoured' | { readonly ignored: string };

/** 1 to 255 printable characters of ASCII. */
const keyText = /^[\x20-\x7e]{1,255}$/;

const bodies = new WeakMap<FastifyRequest, string>();

/** Remembers the hash of a body as it was sent, where the request has a key. */
export function noteBody(request: FastifyRequest, text: string): void {
  if (request.headers['idempotency-key'] !== undefined) bodies.set(request, hash(text));
}

/** The key as it was sent. @throws Failure `invalid-request` when it is none */
function sentKey(request: FastifyRequest): string | undefined {
  const sent = request.headers['idempotency-key'];
  if (sent === undefined) return undefined;
  if (typeof sent === 'string' && keyText.test(sent)) return sent;
  const message = 'must be 1 to 255 printable ASCII characters';
  throw platformErrors.failure('invalid-request', `Idempotency-Key: ${message}.`, { details: [{ path: 'Idempotency-Key', message }] });
}

/**
 * The key of a request to a route that honours it. It is one with the same key of the same caller to the same route, with
 * the same ids in the path: under whichever of the route's paths.
 */
export function idempotencyOf(route: Route, request: FastifyRequest): IdempotencyKey | undefined {
  if (route.idempotencyKey !== 'honoured') return undefined;
  const key = sentKey(request);
  if (key === undefined) return undefined;
  const caller = callerOf(request);
  // A project in the path is the caller's, by whichever of its names.
  const { project: _, ...params } = request.params as Record<string, string>;
  const path = typeof route.path === 'string' ? route.path : route.path[0];
  return {
    scopeId: scopeOf(caller),
    key: hash(JSON.stringify([route.surface, path, Object.entries(params).sort(), nameOf(caller), key])),
    request: hash(JSON.stringify([request.query, bodies.get(request) ?? null])),
  };
}

/** The key of a request whose body was read as a stream. @param digest of the body */
export function withBody(key: IdempotencyKey, digest: string): IdempotencyKey {
  return { ...key, request: hash(JSON.stringify([key.request, digest])) };
}

/** The key of one part of a request that is carried out part by part. @param place of the part, from 0 */
export function ofPart(key: IdempotencyKey, place: number): IdempotencyKey {
  return { ...key, key: hash(JSON.stringify([key.key, place])) };
}

/** The key as the id of a tracked event, by which a repeated one is the same event for ever. Event ids are shorter than keys may be. */
export function eventIdOf(request: FastifyRequest): string | undefined {
  const key = sentKey(request);
  return key === undefined || key.length <= 128 ? key : hashOfKey(request);
}

/** For ids that are made of the key. */
export function hashOfKey(request: FastifyRequest): string | undefined {
  const key = sentKey(request);
  return key === undefined ? undefined : hash(key);
}

function scopeOf(caller: Caller | undefined): string {
  const { projectId, organisationId, place } = (caller ?? {}) as { projectId?: string; organisationId?: string; place?: { organisationId?: string } };
  return projectId ?? organisationId ?? place?.organisationId ?? staffRealmId;
}

/** End users share the credential that their application signs for them with. */
function nameOf(caller: Caller | undefined): string[] {
  const { token } = (caller ?? {}) as { token?: { uid: string } };
  return caller === undefined ? [] : [caller.actor.type, caller.actor.id, ...(token === undefined ? [] : [token.uid])];
}

function hash(text: string): string {
  return digest('sha256', text, 'base64url');
}
