import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { platform } from './platform-under-test.js';

const vendor = createRequire(import.meta.url);
const suiteFile = join(dirname(vendor.resolve('@engage_so/node')), 'test', 'index.test.js');

// The client knows one address only, its vendor's: whatever it sends there goes to the platform under test instead.
const { hostname, port } = new URL(platform.url);
const realRequest = https.request;
const answers: (string | undefined)[] = [];

function redirected(options: https.RequestOptions): http.ClientRequest {
  const { protocol: _protocol, host: _host, agent: _agent, ...rest } = options;
  return http.request({ ...rest, hostname, port }).on('response', ({ headers }) => answers.push(headers['content-type']));
}

// The suite was written for a Jest that knew this matcher by its older name.
expect.extend({
  toThrowError(received: unknown, expected?: string | RegExp) {
    const thrown = typeof received === 'function' ? thrownBy(received as () => unknown) : received;
    const message = thrown instanceof Error ? thrown.message : '';
    const pass = thrown instanceof Error && (expected === undefined || (typeof expected === 'string' ? message.includes(expected) : expected.test(message)));
    return { pass, message: () => `expected an error of ${String(expected)}, got ${String(thrown)}` };
  },
});

function thrownBy(call: () => unknown): unknown {
  try {
    call();
    return undefined;
  } catch (error) {
    return error;
  }
}

beforeAll(() => {
  process.env['KEY'] = platform.demo.engagement.key;
  process.env['SECRET'] = platform.demo.engagement.secret;
  https.request = redirected as typeof https.request;
});

afterAll(() => {
  https.request = realRequest;
});

describe('the vendor\'s Node client, by its own published tests', () => {
  const suite = readFileSync(suiteFile, 'utf8');
  const run = new Function('require', 'describe', 'test', 'expect', 'beforeAll', 'afterAll', 'beforeEach', 'afterEach', 'jest', suite) as (...tools: unknown[]) => void;
  run(createRequire(suiteFile), describe, test, expect, beforeAll, afterAll, beforeEach, afterEach, jest);

  test('met this platform, and JSON in every answer', () => {
    expect(answers.length).toBeGreaterThan(10);
    expect(answers.filter((type) => type?.startsWith('application/json') !== true)).toEqual([]);
  });
});
