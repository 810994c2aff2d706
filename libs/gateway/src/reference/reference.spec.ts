import { describe, expect, it } from '@jest/globals';
import type { Type } from '@nestjs/common';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { dialects, GatewayModule } from '../gateway.module.js';
import { errorCodes } from '../http/error-codes.js';
import { apiDocument, documentNames, type ApiDocument } from './api-document.js';
import { errorTexts, textsWithoutCode } from './error-texts.js';
import { bodyExample } from './operation-document.js';
import { operationsOf } from './operations.js';
import { errorList, errorPage, referencePage, startScript } from './pages.js';

const operations = operationsOf(Reflect.getMetadata('controllers', GatewayModule) as Type[]);
const make = (name: Parameters<typeof apiDocument>[0]) => apiDocument(name, operations, dialects, { publicUrl: 'https://rollcall.example.com', version: '1.2.3' });
const all = make('all');
const described = (document: ApiDocument) => Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]): [string, Record<string, any>] => [`${method.toUpperCase()} ${path}`, operation])); // eslint-disable-line @typescript-eslint/no-explicit-any -- a document is any JSON

function at(document: unknown, pointer: string): unknown {
  return pointer.slice(2).split('/').reduce((value, part) => (value as Record<string, unknown> | undefined)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')], document);
}

describe('the OpenAPI documents', () => {
  it('of the surfaces have together what the one of all has, each operation once', () => {
    const surfaces = documentNames.flatMap((name) => described(make(name)).map(([call, { operationId }]) => [call, operationId as string]));
    expect(surfaces.sort()).toEqual(described(all).map(([call, { operationId }]) => [call, operationId as string]).sort());
    expect(new Set(surfaces.map(([, id]) => id)).size).toBe(operations.length);
  });

  it('refer to nothing that is not in them', () => {
    for (const name of [...documentNames, 'all'] as const) {
      const document = make(name);
      const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference!);
      expect([name, [...new Set(references)].filter((reference) => at(document, reference) === undefined)]).toEqual([name, []]);
    }
  });

  it('say of every operation who may call it, each parameter of its path, and a schema for every status', () => {
    const incomplete = described(all).filter(([call, { summary, description, tags, security, parameters, responses }]) => {
      const named = (parameters as { name?: string; in?: string }[]).filter((one) => one.in === 'path').map(({ name }) => name);
      const statuses = Object.values(responses as Record<string, { $ref?: string; content?: object }>);
      const failures = statuses.filter(({ $ref }) => $ref !== undefined).map(({ $ref }) => at(all, $ref!) as { content: Record<string, { schema?: object }> });
      return !summary || !description || tags.length !== 1 || security.length === 0 || named.join() !== [...call.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).join() || !failures.every(({ content }) => Object.values(content).every(({ schema }) => schema !== undefined));
    });
    expect(incomplete.map(([call]) => call)).toEqual([]);
  });

  it('show of every body an example that the route takes', () => {
    const refused = operations.flatMap((operation) => {
      const result = operation.route.body?.safeParse(bodyExample(operation));
      return result === undefined || result.success ? [] : [`${operation.id}: ${JSON.stringify(bodyExample(operation))}: ${result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join(', ')}`];
    });
    expect(refused).toEqual([]);
  });

  it('show of every answer an example that fits its schema', () => {
    // Formats are Spectral's business, which lints the same examples.
    const ajv = new Ajv2020({ strict: false, validateSchema: false, validateFormats: false }).addSchema(all, 'document');
    const examples = described(all).flatMap(([call, { responses }]) =>
      Object.entries(responses as Record<string, { content?: Record<string, { schema: { $ref: string }; example?: unknown }> }>).flatMap(([status, { content }]) =>
        content?.['application/json']?.schema === undefined ? [] : [{ call: `${call} ${status}`, ...content['application/json'] }],
      ),
    );
    expect(examples.length).toBeGreaterThan(150);
    expect(examples.filter(({ schema, example }) => example === undefined || !ajv.validate(`document${schema.$ref}`, example)).map(({ call, example }) => [call, example])).toEqual([]);
  });

  it('tell failures in the dialect of the surface', () => {
    const dialectOf = (call: string, status: string) => Object.entries((at(all, (Object.fromEntries(described(all))[call]!['responses'] as Record<string, { $ref: string }>)[status]!.$ref) as { content: Record<string, { schema: { $ref: string } }> }).content).map(([type, { schema }]) => [type, schema.$ref.split('/').at(-1)]);
    expect(dialectOf('GET /users', '404')).toEqual([['application/json', 'EnvironmentFailure']]);
    expect(dialectOf('GET /v1/users/{uid}', '404')).toEqual([['application/json', 'EngagementFailure']]);
    expect(dialectOf('POST /oauth2/token', '400')).toEqual([['application/json', 'OAuthFailure']]);
    expect(dialectOf('GET /{project}/users/{id}', '404')).toEqual([['application/problem+json', 'Problem']]);
  });
});

describe('error codes', () => {
  it('have a text each, and no text is of a code that is gone', () => {
    expect(errorCodes.filter((code) => (errorTexts[code] ?? '').length < 20)).toEqual([]);
    expect(textsWithoutCode).toEqual([]);
  });

  it('have a page each, which names the code and its status; the list leads to all', () => {
    const list = errorList();
    for (const code of errorCodes) {
      expect(errorPage(code)).toContain(`<code>${code}</code></h1><p>Status ${String(/\b[45]\d\d\b/.exec(errorPage(code))?.[0])}`);
      expect(list).toContain(`href="/docs/errors/${code}"`);
    }
  });
});

describe('the page of the API reference', () => {
  it('runs no script that is written into it, and loads nothing from elsewhere', () => {
    const scripts = [...referencePage.matchAll(/<script([^>]*)>([^<]*)/g)];
    expect(scripts.map(([, attributes, content]) => [/^ src="\/docs\/[\w.]+"$/.test(attributes!), content])).toEqual([[true, ''], [true, '']]);
    expect(`${referencePage}${startScript([{ title: 'A', slug: 'a', url: '/openapi.json' }])}`).not.toMatch(/https?:/);
  });
});
