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
