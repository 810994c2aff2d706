import { createPublicKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { compactVerify } from 'jose';
import { testKeyPair } from '#libs/platform/testing';
import { compactJws } from './compact-jws.js';

describe('a signed token', () => {
  const pairs = { EdDSA: () => testKeyPair('ed25519'), ES256: () => testKeyPair('ec', { namedCurve: 'P-256' }) };

  for (const [alg, generate] of Object.entries(pairs)) {
    it(`can be verified by others, signed with ${alg}`, async () => {
      const { privateKey } = generate();
      // Now and then a part of a signature of ECDSA is short.
      for (let time = 0; time < 20; time += 1) {
        const { payload, protectedHeader } = await compactVerify(compactJws({ kid: 'k1', alg, privateKey }, 'at+jwt', { sub: 'ünïcode', time }), createPublicKey(privateKey), { algorithms: [alg] });
        expect(protectedHeader).toEqual({ alg, kid: 'k1', typ: 'at+jwt' });
        expect(JSON.parse(Buffer.from(payload).toString())).toEqual({ sub: 'ünïcode', time });
      }
    });
  }
});
