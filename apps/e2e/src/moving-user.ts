import { SignJWT } from 'jose';
import type { ApiClient } from '#libs/platform/testing';
import { testKeyPair } from '#libs/platform/testing';
import { api, environmentToken, keyOnly, platform, unique } from './platform-under-test.js';

/** A user whose own token carries a claim that was written once, and has been overtaken by somebody else's write since. */
export interface MovingUser {
  /** The profile's value as a gateway shows it to the user, and what the token carried in vain. Claims that were written before are not again. */
  planAt(gateway: ApiClient): Promise<[plan: string, skipped: string | null]>;
  /** Takes back what is declared. */
  remove(): Promise<void>;
}

/** What `planAt` gives ever after. */
export const planThatStays: [string, string] = ['enterprise', 'tags'];

export async function movingUser(): Promise<MovingUser> {
  const bearer = await environmentToken('workbench');
  const names = ['moving_plan', 'moving_tags'];
  await api.put('/users/custom-profile-fields', { bearer, body: names.map((name) => ({ name, label: name, type: 'text' })) });
  const { publicKey, privateKey } = testKeyPair('ed25519');
  const body = { name: unique('app'), public_key: publicKey.export({ format: 'jwk' }), algorithm: 'EdDSA', claims: { plan: 'moving_plan', tags: 'moving_tags' } };
  const { sdk_key_id: iss } = (await api.put(`/v1/admin/projects/${platform.demo.project.id}/sdk-keys`, { headers: { 'x-api-key': platform.demo.apiKey }, body })).body;
  const uid = unique('mover');
  const token = await new SignJWT({ iss, sub: uid, exp: Math.floor(Date.now() / 1_000) + 3_600, plan: 'pro', tags: [] }).setProtectedHeader({ alg: 'EdDSA' }).sign(privateKey);
  const planAt: MovingUser['planAt'] = async (gateway) => {
    const { body: answer, headers } = await gateway.get('/users/me', { bearer: token });
    return [answer.data?.profile.moving_plan, headers.get('x-rollcall-claims-skipped')];
  };
  const first = await planAt(api);
  if (first[0] !== 'pro' || first[1] !== 'tags') throw new Error(`the claims were taken as ${JSON.stringify(first)}`);
  await api.post('/v1/users', { basic: keyOnly, body: { id: uid, meta: { moving_plan: 'enterprise' } } });
  return {
    planAt,
    remove: async () => {
      for (const name of names) await api.delete(`/users/custom-profile-fields/${name}`, { bearer: await environmentToken('workbench') });
    },
  };
}
