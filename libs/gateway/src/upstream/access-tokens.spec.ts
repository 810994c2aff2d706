import { createHmac, randomUUID, type KeyObject } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { compactVerify, createLocalJWKSet, exportJWK, SignJWT, type JWTHeaderParameters, type JWTPayload } from 'jose';
import { identity } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import type { AnyMessage } from '#libs/platform/messages';
import type { RpcClient } from '#libs/platform/rpc';
import { testKeyPair } from '#libs/platform/testing';
import { AccessTokens, algorithms } from './access-tokens.js';
import { Sessions } from './sessions.js';

interface Pair {
  kid: string;
  alg: 'EdDSA' | 'ES256';
  publicKey: KeyObject;
  privateKey: KeyObject;
}

const issuer = 'https://users.example.com';
const pair = (alg: Pair['alg']): Pair => ({ kid: randomUUID(), alg, ...(alg === 'EdDSA' ? testKeyPair('ed25519') : testKeyPair('ec', { namedCurve: 'P-256' })) });
const part = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

describe('an access token', () => {
  let keys: Pair[];
  let asked: string[];
  /** What identity says of its keys, where that is not what it publishes. */
  let told: string | undefined;
  let tokens: AccessTokens;
  const [ed, es, stranger] = [pair('EdDSA'), pair('ES256'), pair('EdDSA')];

  beforeEach(() => {
    keys = [ed, es];
    asked = [];
    told = undefined;
    const call = async (message: AnyMessage) => {
      asked.push(message.subject);
      if (message.subject === identity.pollRevocations.subject) return { next: 1, sessionIds: [], reset: false, keys: told ?? keys.map(({ kid }) => kid).join(' ') };
      const published = await Promise.all(keys.map(async ({ kid, alg, publicKey }) => ({ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' })));
      return { issuer, keys: published };
    };
    const rpc = { call } as unknown as RpcClient;
    tokens = new AccessTokens(rpc, new Sessions(rpc));
  });

  const seconds = () => Math.floor(Date.now() / 1_000);
  const claims = (): JWTPayload => ({ iss: issuer, aud: 'rollcall', sub: randomUUID(), sid: randomUUID(), realm: randomUUID(), iat: seconds(), exp: seconds() + 600, jti: randomUUID() });
  const header = (key: Pair, more: object = {}): JWTHeaderParameters => ({ alg: key.alg, kid: key.kid, typ: 'at+jwt', ...more });
  const sign = (key: Pair, payload = claims(), more: object = {}) => new SignJWT(payload).setProtectedHeader(header(key, more)).sign(key.privateKey);
  const verify = async (token: string) =>
    tokens.verify(token, 'r').then(
      () => 'good',
      (error: unknown) => (isFailure(error) ? error.value.code : String(error)),
    );
  const bad = 'credentials-invalid';

  it.each([['EdDSA', ed], ['ES256', es]])('signed with %s by a published key is good', async (_alg, key) => {
    expect(await verify(await sign(key))).toBe('good');
  });

  describe('that lies about how it was signed is refused:', () => {
    const body = () => part(claims());
    it.each<[string, () => string]>([
      ['alg none', () => `${part({ alg: 'none', typ: 'at+jwt' })}.${body()}.`],
      ['alg none with the key’s id', () => `${part({ alg: 'none', typ: 'at+jwt', kid: ed.kid })}.${body()}.`],
      ['alg NoNe', () => `${part({ alg: 'NoNe', typ: 'at+jwt', kid: ed.kid })}.${body()}.`],
      ['no signature', () => `${part({ alg: 'EdDSA', typ: 'at+jwt', kid: ed.kid })}.${body()}.`],
      ...(['EdDSA', 'ES256'] as const).flatMap((alg) => {
        const key = alg === 'EdDSA' ? ed : es;
        // The public key is known to everybody: nobody may use it as the secret of an HMAC.
        const secrets = { PEM: key.publicKey.export({ format: 'pem', type: 'spki' }), DER: key.publicKey.export({ format: 'der', type: 'spki' }), 'x of the JWK': Buffer.from((key.publicKey.export({ format: 'jwk' }) as { x: string }).x, 'base64url') };
        return Object.entries(secrets).map(([form, secret]): [string, () => string] => [`HS256 with the public ${alg} key as secret (${form})`, () => {
          const input = `${part({ alg: 'HS256', typ: 'at+jwt', kid: key.kid })}.${body()}`;
          return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
        }]);
      }),
    ])('%s', async (_what, make) => {
      expect(await verify(make())).toBe(bad);
    });

    it('RS256 and PS256, by a key of the attacker under our id', async () => {
      const { privateKey } = testKeyPair('rsa', { modulusLength: 2048 });
      for (const alg of ['RS256', 'PS256']) expect(await verify(await new SignJWT(claims()).setProtectedHeader({ alg, kid: ed.kid, typ: 'at+jwt' }).sign(privateKey))).toBe(bad);
    });

    it('one algorithm’s name on the other’s signature', async () => {
      const [, payload, signature] = (await sign(ed)).split('.');
      expect(await verify(`${part(header(es))}.${payload!}.${signature!}`)).toBe(bad);
      expect(await verify(`${part(header(ed, { alg: 'ES256' }))}.${payload!}.${signature!}`)).toBe(bad);
    });

    it('an ES256 signature in DER, or of zeros', async () => {
      const [head, payload] = (await sign(es)).split('.');
      expect(await verify(`${head!}.${payload!}.${Buffer.alloc(64).toString('base64url')}`)).toBe(bad);
      expect(await verify(`${head!}.${payload!}.${Buffer.from('3006020101020101', 'hex').toString('base64url')}`)).toBe(bad);
    });
  });

  it('that brings or points at its own key is refused', async () => {
    const jwk = await exportJWK(stranger.publicKey);
    for (const more of [{ jwk }, { jku: 'https://evil.example/jwks.json' }, { x5u: 'https://evil.example/cert.pem' }, { x5c: ['MIIB'] }, {}]) {
      expect(await verify(await sign({ ...stranger, kid: ed.kid }, claims(), more))).toBe(bad);
      expect(await verify(await sign(stranger, claims(), more))).toBe(bad);
    }
  });

  it('that does not say by which key, or says an unknown one, is refused', async () => {
    expect(await verify(await sign({ ...ed, kid: randomUUID() }))).toBe(bad);
    expect(await verify(await sign({ ...stranger, kid: '' }))).toBe(bad);
    expect(await verify(await new SignJWT(claims()).setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' }).sign(stranger.privateKey))).toBe(bad);
  });

  it('of another kind is refused: an ID token, a plain JWT, one without a type', async () => {
    for (const typ of ['JWT', 'id_token+jwt', 'dpop+jwt', 'jwt', undefined]) expect(await verify(await sign(ed, claims(), { typ }))).toBe(bad);
    expect(await verify(await sign(ed, claims(), { typ: 'application/at+jwt' }))).toBe('good');
  });

  it.each<[string, (good: JWTPayload) => JWTPayload]>([
    ['of another issuer', (good) => ({ ...good, iss: 'https://evil.example' })],
    ['of no issuer', ({ iss: _, ...good }) => good],
    ['for another audience', (good) => ({ ...good, aud: 'somebody else' })],
    ['for no audience', ({ aud: _, ...good }) => good],
    ['expired', (good) => ({ ...good, exp: seconds() - 1 })],
    ['that never expires', ({ exp: _, ...good }) => good],
    ['that is not valid yet', (good) => ({ ...good, nbf: seconds() + 60 })],
    ['of nobody', ({ sub: _, ...good }) => good],
    ['whose expiry is no number', (good) => ({ ...good, exp: '9999999999' as unknown as number })],
    ['whose start is no number', (good) => ({ ...good, nbf: 'now' as unknown as number })],
  ])('%s is refused', async (_what, change) => {
    expect(await verify(await sign(ed, change(claims())))).toBe(bad);
  });

  it('for us among others is good', async () => {
    expect(await verify(await sign(ed, { ...claims(), aud: ['somebody else', 'rollcall'] }))).toBe('good');
  });

  it('with a critical header that nobody understands, or an unencoded payload, is refused', async () => {
    const critical = async (head: object, payload: string, signed: string) => {
      const { sign: signBytes } = await import('node:crypto');
      return `${part(head)}.${payload}.${signBytes(null, Buffer.from(`${part(head)}.${signed}`), ed.privateKey).toString('base64url')}`;
    };
    const body = JSON.stringify(claims());
    const unknown = { ...header(ed), crit: ['exp'], exp: 1 };
    expect(await verify(await critical(unknown, part(body), part(body)))).toBe(bad);
    for (const crit of [[], ['b64', 'b64'], 'b64']) expect(await verify(await critical({ ...header(ed), crit, b64: true }, part(body), part(body)))).toBe(bad);
    const unencoded = { ...header(ed), crit: ['b64'], b64: false };
    expect(await verify(await critical(unencoded, part(body), body))).toBe(bad);
    expect(await verify(await critical(unencoded, part(body), part(body)))).toBe(bad);
  });

  it('that was changed in any of its characters, or is none, is refused', async () => {
    const token = await sign(ed);
    for (let place = 0; place < token.length; place += 7) {
      if (token[place] === '.') continue;
      expect(await verify(token.slice(0, place) + (token[place] === 'A' ? 'B' : 'A') + token.slice(place + 1))).toBe(bad);
    }
    const [head, body, signature] = token.split('.');
    for (const odd of ['', '.', '..', 'x', `${head!}.${body!}`, `${token}.x`, `.${body!}.${signature!}`, `${part('[]')}.${body!}.${signature!}`, `${part('null')}.${body!}.${signature!}`]) expect(await verify(odd)).toBe(bad);
  });

  it('is refused once the key is taken away, although it was good before; and good by a key that is new', async () => {
    const [old, next] = [pair('EdDSA'), pair('EdDSA')];
    keys = [old];
    const [before, after] = [await sign(old), await sign(next)];
    expect([await verify(before), await verify(after)]).toEqual(['good', bad]);
    keys = [next];
    await new Promise((resolve) => setTimeout(resolve, 1_050)); // what a gateway knows is a second old at the most
    expect([await verify(before), await verify(after)]).toEqual([bad, 'good']);
  });

  it('is not verified for ever with the keys of a replica that had not heard of the change', async () => {
    const [old, next] = [pair('EdDSA'), pair('EdDSA')];
    keys = [next, old];
    const token = await sign(old);
    expect(await verify(token)).toBe('good');
    told = next.kid; // one replica knows that the old key was taken away, and another still publishes it
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    await verify(token);
    keys = [next];
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    await verify(await sign(next));
    expect([await verify(token), await verify(await sign(old))]).toEqual([bad, bad]);
  });

  it('of an unknown key makes the gateway ask for the keys once a second, and not once a token', async () => {
    for (let time = 0; time < 50; time += 1) await verify(await sign(stranger));
    expect(asked.filter((subject) => subject === identity.listSigningKeys.subject).length).toBeLessThanOrEqual(3);
  });
});

// The signatures of the standards' own examples, by the algorithms that are taken and in the form in which keys are published.
describe('the examples of the standards', () => {
  const ed25519 = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
  const p256 = { kty: 'EC', crv: 'P-256', x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU', y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0' };
  const joe = 'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ';
  const rfc8037 = 'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg';
  const rfc7515es256 = `eyJhbGciOiJFUzI1NiJ9.${joe}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q`;
  const verified = (token: string, jwk: object) =>
    compactVerify(token, createLocalJWKSet({ keys: [jwk as never] }), { algorithms }).then(
      ({ payload }) => Buffer.from(payload).toString(),
      (error: { code: string }) => error.code,
    );

  it('verify: RFC 8037 A.4 (Ed25519), RFC 7515 A.3 (ES256)', async () => {
    expect(await verified(rfc8037, ed25519)).toBe('Example of Ed25519 signing');
    expect(await verified(rfc7515es256, p256)).toContain('"iss":"joe"');
  });

  it('do not verify when a character of them is another', async () => {
    for (const [token, key] of [[rfc8037, ed25519], [rfc7515es256, p256]] as const) {
      for (const place of [token.indexOf('.') + 2, token.lastIndexOf('.') + 5]) {
        const changed = token.slice(0, place) + (token[place] === 'A' ? 'B' : 'A') + token.slice(place + 1);
        expect(await verified(changed, key)).toBe('ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
      }
    }
  });

  it('are refused where their algorithm is none of ours: RFC 7515 A.1 (HS256), A.5 (none)', async () => {
    const hs256 = `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${joe}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`;
    const secret = { kty: 'oct', k: 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow' };
    expect(await verified(hs256, secret)).toBe('ERR_JOSE_ALG_NOT_ALLOWED');
    expect(await verified(`eyJhbGciOiJub25lIn0.${joe}.`, secret)).toBe('ERR_JOSE_ALG_NOT_ALLOWED');
  });
});
