import { describe, expect, it } from '@jest/globals';
import { ApiContract } from './api-contract.js';

const contract = new ApiContract({
  paths: {
    '/v1/users/{uid}': { get: { operationId: 'usersGet', responses: { 200: { headers: { ETag: {} }, content: { 'application/json': { schema: { $ref: '#/components/schemas/User' } } } }, 404: { $ref: '#/components/responses/Gone' }, 204: {} } } },
    '/v1/users/me': { get: { operationId: 'usersMe', responses: { 204: {} } } },
  },
  components: {
    schemas: { User: { type: 'object', properties: { id: { type: 'string' }, friends: { type: 'array', items: { $ref: '#/components/schemas/User' } } }, required: ['id'], additionalProperties: false }, Failure: { type: 'object', required: ['error'] } },
    responses: { Gone: { headers: {}, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Failure' } } } } },
  },
} as never);

const json = 'application/json; charset=utf-8';
const mistakes = (status: number, body: unknown, headers: Record<string, string> = {}, path = '/v1/users/u1', method = 'GET') => contract.mistakes(method, path, false, { status, body, headers: new Headers({ 'content-type': json, ...headers }) });

describe('an answer that is held against the OpenAPI document', () => {
  it('passes when it is as the document says, whatever HTTP itself adds', () => {
    expect(mistakes(200, { id: 'u1', friends: [{ id: 'u2' }] }, { etag: '"x"', date: 'today', 'content-length': '3' })).toEqual([]);
    expect(mistakes(404, { error: 'x' }, { 'content-type': 'application/problem+json' })).toEqual([]);
  });

  it('does not with a status, a header, a media type or an operation that it does not have', () => {
    expect(mistakes(418, {})).toEqual([expect.stringMatching(/^usersGet .* answered 418, but the OpenAPI document has only 200, 204, 404/)]);
    expect(mistakes(200, { id: 'u1' }, { 'x-more': '1' })).toEqual(['usersGet (GET /v1/users/{uid}) answered 200: the header x-more is not in the OpenAPI document']);
    expect(mistakes(200, 'text', { 'content-type': 'text/plain' })).toEqual([expect.stringMatching(/content type text\/plain is not/)]);
    expect(mistakes(204, { id: 'u1' })).toEqual([expect.stringMatching(/which has no content$/)]);
    expect(mistakes(200, {}, {}, '/v2/users')).toEqual([expect.stringMatching(/no such operation/)]);
    expect(mistakes(500, {})).toEqual([expect.stringMatching(/always a mistake/)]);
  });

  it('does not with a field that it does not have, lacks, or has of another type, however deep', () => {
    expect(mistakes(200, { id: 'u1', name: 'x' })).toEqual([expect.stringMatching(/must NOT have additional properties \(\{"additionalProperty":"name"\}\)/)]);
    expect(mistakes(200, {})).toEqual([expect.stringMatching(/must have required property 'id'/)]);
    expect(mistakes(200, { id: 'u1', friends: [{ id: 2 }] })).toEqual([expect.stringMatching(/body\/friends\/0\/id must be string/)]);
  });

  it('belongs to the operation that is served: the one with more fixed parts, and surface B without its /v1', () => {
    expect(mistakes(200, { id: 'me' }, {}, '/v1/users/me')).toEqual([expect.stringMatching(/^usersMe/)]);
    expect(contract.mistakes('GET', '/users/u1?x=1', true, { status: 200, body: {}, headers: new Headers({ 'content-type': json }) })).toEqual([expect.stringMatching(/^usersGet/)]);
  });

  it('may be a refusal of its own where nothing is served', () => {
    expect(mistakes(404, {}, {}, '/nowhere')).toEqual([]);
    expect(mistakes(405, {}, {}, '/v1/users/u1', 'PATCH')).toEqual([]);
  });
});
