import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { receiptKey, signReceipt, type ReceiptContent } from '#libs/platform/receipts';
import { onCleanUp, testFolder } from '#libs/platform/testing';
import { runCli } from './cli.js';
import type { Terminal } from './command.js';

const kid = '019b0000-0000-7000-8000-000000000001';
const { privateKey, publicKey } = receiptKey('secret', kid);
const content: ReceiptContent = {
  kind: 'removal',
  erasures: [1],
  began_at: '2026-11-27T00:00:00.000Z',
  finished_at: '2026-11-27T00:00:01.000Z',
  complete: true,
  services: { profiles: { users: 'rewritten' } },
  write_ahead_log: 'removed',
  left: { backups_until: null },
};
const first = signReceipt(content, { sequence: 1, previous: null }, { kid, privateKey });
const second = signReceipt(content, { sequence: 2, previous: first.receipt.hash }, { kid, privateKey });

describe('rollcall', () => {
  let folder: string;
  let keys: string;
  beforeAll(async () => {
    folder = await testFolder('cli');
    keys = await file('keys.json', JSON.stringify({ keys: [publicKey] }));
  });

  async function file(name: string, text: string): Promise<string> {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  }

  async function run(args: string[], stdin = ''): Promise<{ code: number; out: string; err: string }> {
    const answer = { out: '', err: '' };
    const code = await runCli(args, { stdin: Readable.from([Buffer.from(stdin)]), out: (text) => void (answer.out += String(text)), err: (text) => void (answer.err += text), isWatched: false, environment: {} as Terminal['environment'] });
    return { code, ...answer };
  }

  it('lists its commands, and says that there is no other', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('verify-receipt') });
    expect(await run([])).toMatchObject({ code: 2, out: expect.stringContaining('verify-receipt') });
    expect(await run(['verify'])).toEqual({ code: 2, out: '', err: 'rollcall: There is no command verify. rollcall --help lists them.\n' });
    expect(await run(['--version'])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    for (const command of ['login', 'logout', 'users', 'import', 'export', 'erase']) expect(await run(['help', command])).toMatchObject({ code: 0, out: expect.stringMatching(new RegExp(`^Usage: rollcall ${command}[^]*Exit codes`)) });
    expect(await run(['verify-receipt', '--help'])).toMatchObject({ code: 0, out: expect.stringContaining('Exit codes') });
  });

  it('verifies a receipt and a chain, in words and in JSON', async () => {
    const one = await file('one.json', first.text);
    const chain = await file('chain.ndjson', `${first.text}\n${second.text}\n`);
    expect(await run(['verify-receipt', one, '--keys', keys])).toEqual({ code: 0, out: `Receipt 1 is valid.\nHash of the last: ${first.receipt.hash}\n`, err: '' });
    expect(await run(['verify-receipt', chain, '--keys', keys])).toMatchObject({ code: 0, out: expect.stringContaining('Receipts 1 to 2 are valid, from the beginning of the chain') });
    const { code, out } = await run(['verify-receipt', '-', '--keys', keys, '--json', '--ends-with', second.receipt.hash], `${first.text}\n${second.text}`);
    expect([code, JSON.parse(out)]).toEqual([0, { valid: true, receipts: 2, first: 1, last: 2, last_hash: second.receipt.hash }]);
  });

  it('says which receipt is wrong and why, with code 1', async () => {
    const broken = await file('broken.ndjson', `${first.text}\n${second.text.replace('"complete":true', '"complete":false')}\n`);
    expect(await run(['verify-receipt', broken, '--keys', keys])).toEqual({ code: 1, out: 'Not valid: receipt 2 of the file: its hash does not fit its content.\n', err: '' });
    const { code, out } = await run(['verify-receipt', broken, '--keys', keys, '--json']);
    expect([code, JSON.parse(out)]).toEqual([1, { valid: false, receipts: 1, first: 1, last: 1, last_hash: first.receipt.hash, problem: 'wrong-hash', at: 2 }]);
  });

  it('reads the keys from an address', async () => {
    const server = createServer((_, answer) => answer.end(JSON.stringify({ keys: [publicKey] })));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onCleanUp(async () => void server.close());
    expect(await run(['verify-receipt', '-', '--keys', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`], first.text)).toMatchObject({ code: 0 });
  });

  it.each([
    [[], 'Give one file'],
    [['a', 'b'], 'Give one file'],
    [['a'], 'Give the public keys'],
    [['a', '--key', 'b'], "Unknown option '--key'"],
    [['no-such-file', '--keys', 'KEYS'], "no-such-file can't be read (ENOENT)"],
    [['-', '--keys', 'no-such-file'], "no-such-file can't be read (ENOENT)"],
    [['-', '--keys', 'http://127.0.0.1:1/'], "The keys can't be read from http://127.0.0.1:1/"],
  ])('says what is wrong with how it was called, with code 2: %j', async (args, sentence) => {
    const { code, out, err } = await run(['verify-receipt', ...args.map((arg) => (arg === 'KEYS' ? keys : arg))]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(sentence);
  });

  it('says it in JSON where it was asked to', async () => {
    const { code, err } = await run(['erase', '--json']);
    expect([code, JSON.parse(err)]).toEqual([2, { error: { command: 'erase', message: 'Name whom to erase.', exit_code: 2, code: null, request_id: null, errors: [] } }]);
  });
});
