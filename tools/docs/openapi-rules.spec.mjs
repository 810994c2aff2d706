import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { root } from '../checkout.mjs';
import { isCurrent } from '../client/describe-api.mjs';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-openapi-'));
afterAll(() => rmSync(folder, { recursive: true }));

const load = (file) => import(pathToFileURL(join(root, `libs/gateway/src/${file}.ts`)).href);

let document;
beforeAll(async () => {
  // One after the other: Jest links no two graphs of modules at once.
  const { dialects, GatewayModule } = await load('gateway.module');
  const { apiDocument } = await load('reference/api-document');
  const { operationsOf } = await load('reference/operations');
  document = apiDocument('all', operationsOf(Reflect.getMetadata('controllers', GatewayModule)), dialects, { publicUrl: 'https://rollcall.example.com', version: '1.0.0' });
});

it('the types of the client are those of the OpenAPI document (node tools/client/api-types.mjs brings them up to date, after a build)', () => {
  const text = readFileSync(join(root, 'libs/client/src/api.data.ts'), 'utf8');
  expect(isCurrent(text, document)).toBe(true);
  expect([isCurrent(text.replace('GET /v1/users', 'GET /v1/people'), document), isCurrent(text, { ...document, paths: {} })]).toEqual([false, false]);
});

// Each surface's document is made of the same operations: what is wrong in one is wrong in this.
it('the OpenAPI document keeps to the rules of .spectral.yaml', async () => {
  // The rules look at every value of every answer: the hundred error codes would cost more than all the rest, and say nothing.
  const text = JSON.stringify(document, (key, value) => (key === 'enum' && value.length > 50 ? value.slice(0, 1) : value));
  const file = join(folder, 'openapi.json');
  writeFileSync(file, text);
  const spectral = join(root, 'node_modules/.bin/spectral');
  const run = await promisify(execFile)(process.execPath, [spectral, 'lint', file, '--ruleset', join(root, '.spectral.yaml'), '--format', 'text', '--quiet', '--fail-severity', 'hint'], { maxBuffer: 64 * 1024 * 1024 }).catch((error) => error);
  expect([String(run.stdout).slice(0, 4_000), run.code ?? 0]).toEqual(['', 0]);
});

it('every list in a body says how long it may be: each item of one is looked at, and what is wrong with it said, before anybody could say that there are too many', () => {
  const mostItems = 10_000; // what has no bound of its own is said to take what a body has room for
  const endless = [];
  const look = (given, where) => {
    const schema = given?.$ref === undefined ? given : given.$ref.slice(2).split('/').reduce((part, name) => part[name], document);
    if (schema === undefined || schema === true || where.split(' ').length > 12) return;
    if ([schema.type].flat().includes('array') && !(schema.maxItems <= mostItems)) endless.push(where);
    look(schema.items, `${where} []`);
    for (const [name, one] of Object.entries(schema.properties ?? {})) look(one, `${where} ${name}`);
    for (const one of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]) look(one, where);
  };
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) look(operation.requestBody?.content?.['application/json']?.schema, `${method} ${path}`);
  }
  expect(endless).toEqual([]);
});
