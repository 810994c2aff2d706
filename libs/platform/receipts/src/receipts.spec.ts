import { describe, expect, it } from '@jest/globals';
import { testKeyPair } from '#libs/platform/testing';
import { canonicalJson, receiptKey, signReceipt, VerificationKeys, verifyChain, verifyReceipt, type ReceiptContent } from './index.js';

const kid = '019b0000-0000-7000-8000-000000000001';
const key = receiptKey('a secret of the deployment', kid);
const keys = VerificationKeys.of([{ ...key.publicKey }]);
const signer = { kid, privateKey: key.privateKey };

const content: ReceiptContent = {
  kind: 'erasure',
  erasure_id: '019b0000-0000-7000-8000-000000000002',
  project_id: '019b0000-0000-7000-8000-000000000003',
  requested_by: { type: 'credential', id: 'key-1' },
  requested_at: '2026-11-27T00:00:00.000Z',
  finished_at: '2026-11-27T00:00:01.000Z',
  users: 1,
  user_hashes: ['erased:abc'],
  services: { profiles: { erased: { users: 1, user_events: 12 }, remains: { users: 0, user_events: 0 } } },
  left: { bytes_until: '2026-11-27T00:15:01.000Z', backups_until: null },
};

function chainOf(length: number): { lines: string[]; hashes: string[] } {
  const lines: string[] = [];
  const hashes: string[] = [];
  for (let sequence = 1; sequence <= length; sequence += 1) {
    const { text, receipt } = signReceipt(content, { sequence, previous: hashes.at(-1) ?? null }, signer);
    lines.push(text);
    hashes.push(receipt.hash);
  }
  return { lines, hashes };
}

const bytes = (text: string) => Buffer.from(text);
const outcome = (verified: { valid: boolean; problem?: string }) => (verified.valid ? 'valid' : verified.problem);

describe('canonical JSON', () => {
  // The example of RFC 8785, section 3.2.2 and 3.2.3.
  it('is as RFC 8785 shows it', () => {
    const value = { numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001], string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/', literals: [null, true, false] };
    expect(canonicalJson(value)).toBe(String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`);
    const keysOfTheRfc = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', '\u00f6'];
    const sorted = Object.keys(JSON.parse(canonicalJson(Object.fromEntries(keysOfTheRfc.map((name) => [name, 0])))) as object);
    expect(sorted).toEqual(['1', '\r', '\u0080', '\u00f6', '\u20ac', '\u{1f600}', '\ufb33']);
  });

  it.each([[undefined], [Number.NaN], [Number.POSITIVE_INFINITY], ['\ud800'], [() => 1], [[undefined]]])('has none for what is no JSON: %p', (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });
});

describe('a receipt', () => {
  it('is verified with the public key alone', () => {
    const { text, receipt } = signReceipt(content, { sequence: 1, previous: null }, signer);
    expect(verifyReceipt(bytes(text), keys)).toEqual({ valid: true, receipt });
    const pem = testKeyPair('ed25519').publicKey.export({ format: 'pem', type: 'spki' }) as string;
    expect(outcome(verifyReceipt(bytes(text), VerificationKeys.parse(pem)))).toBe('wrong-signature');
    expect(outcome(verifyReceipt(bytes(text), VerificationKeys.of([{ ...key.publicKey, kid: '019b0000-0000-7000-8000-00000000000f' }])))).toBe('unknown-key');
  });

  it('fails with one byte altered, whichever and however', () => {
    const file = bytes(`${signReceipt(content, { sequence: 1, previous: null }, signer).text}\n`);
    expect(verifyChain(file, keys).valid).toBe(true);
    const accepted: string[] = [];
    for (let place = 0; place < file.length; place += 1) {
      const original = file[place]!;
      for (let bit = 0; bit < 8; bit += 1) {
        file[place] = original ^ (1 << bit);
        if (verifyChain(file, keys).valid) accepted.push(`byte ${place}, bit ${bit}`);
      }
      file[place] = original;
    }
    expect(accepted).toEqual([]);
  });

  it('fails with a byte more or less, at each place', () => {
    const { text } = signReceipt(content, { sequence: 1, previous: null }, signer);
    const accepted: string[] = [];
    for (let place = 0; place <= text.length; place += 1) {
      if (place < text.length && verifyChain(bytes(text.slice(0, place) + text.slice(place + 1)), keys).valid) accepted.push(`without ${place}`);
      // A line feed at the very end is what ends a line.
      for (const more of place === text.length ? [' ', '0'] : [' ', '\n', '0']) if (verifyChain(bytes(text.slice(0, place) + more + text.slice(place)), keys).valid) accepted.push(`with ${JSON.stringify(more)} at ${place}`);
    }
    expect(accepted).toEqual([]);
  });

  it('is not believed where the signature is written another way, or a key stands twice', () => {
    const { text, receipt } = signReceipt(content, { sequence: 1, previous: null }, signer);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = receipt.signature.at(-1)!;
    const twin = alphabet[alphabet.indexOf(last) + 1]!;
    const other = text.replace(receipt.signature, receipt.signature.slice(0, -1) + twin);
    expect(Buffer.from(receipt.signature.slice(0, -1) + twin, 'base64url')).toEqual(Buffer.from(receipt.signature, 'base64url'));
    expect(outcome(verifyReceipt(bytes(other), keys))).toBe('wrong-signature');
    expect(outcome(verifyReceipt(bytes(text.replace('"users":1', '"users":2,"users":1')), keys))).toBe('not-canonical');
    expect(outcome(verifyReceipt(Buffer.from([0xff, 0xfe]), keys))).toBe('not-utf8');
    expect(outcome(verifyReceipt(bytes(`\ufeff${text}`), keys))).toBe('not-json');
  });

  it('that a program has reformatted is verified by its content, when that is asked for', () => {
    const { text } = signReceipt(content, { sequence: 1, previous: null }, signer);
    const pretty = JSON.stringify(JSON.parse(text), null, 2);
    expect(outcome(verifyChain(bytes(pretty), keys))).toBe('not-json');
    expect(verifyChain(bytes(pretty), keys, { reformatted: true })).toMatchObject({ valid: true, receipts: 1 });
    expect(outcome(verifyChain(bytes(pretty.replace('"users": 1', '"users": 2')), keys, { reformatted: true }))).toBe('wrong-hash');
  });

  it('is of another key when the secret is another', () => {
    const stolen = receiptKey('another secret', kid);
    const { text } = signReceipt(content, { sequence: 1, previous: null }, { kid, privateKey: stolen.privateKey });
    expect(outcome(verifyReceipt(bytes(text), keys))).toBe('wrong-signature');
  });
});

describe('a chain', () => {
  const { lines, hashes } = chainOf(4);
  const verify = (...chosen: string[]) => verifyChain(bytes(`${chosen.join('\n')}\n`), keys);

  it('is verified from its first receipt, or as a part of it', () => {
    expect(verify(...lines)).toEqual({ valid: true, receipts: 4, first: 1, last: 4, lastHash: hashes[3] });
    expect(verify(...lines.slice(1, 3))).toMatchObject({ valid: true, receipts: 2, first: 2, last: 3 });
  });

  it('fails when a receipt is left out, twice there, or in another place', () => {
    expect(verify(lines[0]!, lines[2]!)).toMatchObject({ valid: false, problem: 'wrong-sequence', at: 2 });
    expect(verify(lines[0]!, lines[0]!)).toMatchObject({ valid: false, problem: 'wrong-sequence', at: 2 });
    expect(verify(lines[1]!, lines[0]!)).toMatchObject({ valid: false, problem: 'wrong-sequence', at: 2 });
    expect(verify(lines[0]!, '', lines[1]!)).toMatchObject({ valid: false, problem: 'not-json', at: 2 });
    expect(verifyChain(bytes(''), keys)).toMatchObject({ valid: false, problem: 'empty' });
  });

  it('fails when a receipt was exchanged for another of the same place, though it is signed', () => {
    const other = signReceipt({ ...content, users: 9 }, { sequence: 2, previous: hashes[0]! }, signer);
    expect(verify(lines[0]!, other.text, lines[2]!)).toMatchObject({ valid: false, problem: 'wrong-previous', at: 3 });
  });

  it('that was cut off at its end is found out by whoever knows the last hash', () => {
    const cut = bytes(lines.slice(0, 3).join('\n'));
    expect(verifyChain(cut, keys, { endsWith: hashes[3] })).toMatchObject({ valid: false, problem: 'wrong-end' });
    expect(verifyChain(cut, keys, { endsWith: hashes[2] }).valid).toBe(true);
  });
});

describe('public keys', () => {
  it('are taken as PEM, as a JWK and as a set, in which others are left out', () => {
    const { publicKey } = testKeyPair('ed25519');
    const rsa = testKeyPair('rsa', { modulusLength: 2048 }).publicKey;
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid };
    for (const text of [publicKey.export({ format: 'pem', type: 'spki' }), JSON.stringify(jwk), JSON.stringify({ keys: [rsa.export({ format: 'jwk' }), jwk] })]) {
      expect(VerificationKeys.parse(text as string).for(kid)).toHaveLength(1);
    }
    for (const text of ['nonsense', '{}', '{"keys":[]}', rsa.export({ format: 'pem', type: 'spki' }) as string]) expect(() => VerificationKeys.parse(text)).toThrow(/public key/);
    const secret = testKeyPair('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
    expect(() => VerificationKeys.parse(secret)).toThrow('private key');
  });
});
