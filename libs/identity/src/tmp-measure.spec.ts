import { it, jest } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { identity } from '#libs/contracts';
import { failureOf, IdentityApp } from './spec-support/identity-app.js';
jest.setTimeout(180_000);
it('measures', async () => {
  const out: string[] = [];
  const app = await IdentityApp.start({ environment: { PASSWORD_HASH_MEMORY_KIB: '19456', PASSWORD_HASH_ITERATIONS: '2', LOGIN_FAILURES_PER_NAME: '1000', RPC_CHECK_REPLIES: 'false' } });
  const users: string[] = [];
  for (let i = 0; i < 64; i++) { await app.user(`u${i}@example.com`, 'correct horse battery'); users.push(`u${i}@example.com`); }
  await app.database.execute(`INSERT INTO logins (realm_id, user_id, status, login_email, login_email_canonical, user_name, user_name_canonical) SELECT $1, gen_random_uuid(), 'active', i||'@x', i||'@x', 'n'||i, 'n'||i FROM generate_series(1, 200000) i`, [app.realmId]);
  await app.database.execute('ANALYZE logins');
  const plan = await app.database.query<Record<string, string>>(`EXPLAIN (ANALYZE, BUFFERS) SELECT user_id FROM logins WHERE realm_id = '${app.realmId}' AND status = 'active' AND (login_email_canonical = 'u1@example.com' OR user_name_canonical = 'u1@example.com') ORDER BY (login_email_canonical IS NOT DISTINCT FROM 'u1@example.com') DESC LIMIT 1`);
  out.push(plan.map((r) => r['QUERY PLAN']).join('\n'));
  const times: Record<string, number[]> = { wrong: [], unknown: [] };
  for (let i = 0; i < 300; i++) for (const [kind, name] of [['wrong', users[i % 64]!], ['unknown', `nobody${i % 64}@example.com`]] as const) {
    const t = performance.now(); await failureOf(app.logIn(name, 'wrong horse battery')); times[kind]!.push(performance.now() - t);
  }
  for (const [k, v] of Object.entries(times)) out.push(`${k} median ${v.sort((a, b) => a - b)[150]}`);
  for (const mode of ['many', 'one']) {
    let n = 0; const until = Date.now() + 4000; const t0 = Date.now();
    await Promise.all(Array.from({ length: 64 }, async (_, c) => { while (Date.now() < until) { await app.logIn(mode === 'many' ? users[c]! : users[0]!, 'correct horse battery'); n++; } }));
    out.push(`${mode}: ${(n / (Date.now() - t0) * 1000).toFixed(1)} logins/s`);
  }
  const { hash } = await import('@node-rs/argon2');
  { let n = 0; const t0 = Date.now(); await Promise.all(Array.from({ length: 2 }, async () => { while (Date.now() < t0 + 3000) { await hash('x', { memoryCost: 19456, timeCost: 2, parallelism: 1 }); n++; } })); out.push(`raw argon2 2 wide: ${(n / (Date.now() - t0) * 1000).toFixed(1)}/s`); }
  const tokens = await app.logIn(users[0]!, 'correct horse battery');
  { const t0 = performance.now(); for (let i = 0; i < 1000; i++) await app.sessionIsActive(tokens); out.push(`checkSession ${(performance.now() - t0) / 1000} ms`); }
  { let r = tokens; const t0 = performance.now(); for (let i = 0; i < 300; i++) r = await app.call(identity.refreshSession, { realmId: app.realmId, refreshToken: r.refreshToken }); out.push(`refresh ${(performance.now() - t0) / 300} ms`); }
  const c = await app.call(identity.createCredential, { kind: 'engagement', name: 'x', projectId: app.realmId, organisationId: null, roles: [], actor: { type: 'system', id: 'x' } });
  { const t0 = performance.now(); for (let i = 0; i < 1000; i++) await app.call(identity.authenticateCredential, { key: c.key!, secret: c.secret }); out.push(`authenticate ${(performance.now() - t0) / 1000} ms`); }
  writeFileSync('/tmp/id-work/measure.txt', out.join('\n') + '\n');
});
