import { beforeAll, describe, expect, it } from '@jest/globals';
import { getMail, identity } from '#libs/contracts';
import { addDataKey, DataKeys, open, seal, usedAfterMs } from '#libs/platform/keys';
import { claimsOf, failureOf, IdentityApp, specMasterKey } from '../spec-support/identity-app.js';
import { Mailbox } from '../spec-support/mailbox.js';
import { SigningKeys } from '../tokens/signing-keys.js';

describe('identity after a rotation of its data key', () => {
  let app: IdentityApp;
  let mailbox: Mailbox;
  const password = 'correct horse battery';
  const organisationId = '0195cf2e-0000-7000-8000-000000000001';
  const keys = () => app.app.get(DataKeys, { strict: false });
  const boxes = async () => {
    const [signing] = await app.database.query<{ box: Buffer }>('SELECT sealed_private_key AS box FROM signing_keys');
    const [sso] = await app.database.query<{ box: Buffer }>('SELECT client_secret AS box FROM sso_connections');
    return { signing: signing!.box, sso: sso!.box };
  };

  beforeAll(async () => {
    app = await IdentityApp.start();
    mailbox = new Mailbox(app);
  });

  it('has sealed anew what it keeps, and goes on: tokens, links in mails that were not sent yet, and sessions', async () => {
    await app.database.execute(
      `INSERT INTO sso_connections (organisation_id, issuer, client_id, client_secret, domains, auto_join, assumes_verified, return_urls, created_by, modified_by) VALUES ($1, 'https://id.example', 'us', $2, '{acme.example}', false, false, '{}', 'spec', 'spec')`,
      [organisationId, seal(keys().for('sso client secrets'), Buffer.from('of the provider'), `sso client secret of ${organisationId}`)],
    );
    await app.user('ada@example.com', password);
    const session = await app.logIn('ada@example.com', password);
    await mailbox.fresh();
    await app.call(identity.forgetPassword, { realmId: app.realmId, email: 'ada@example.com', address: null });
    const [ordered] = await app.database.query<{ mailId: string }>('SELECT mail_id AS "mailId" FROM outgoing_mails ORDER BY seq DESC LIMIT 1');
    const before = await boxes();
    const first = keys().lasting('signing keys');

    await app.database.withTransaction((tx) => addDataKey(tx, 'identity', Buffer.from(specMasterKey, 'base64'), 'spec', usedAfterMs + 1));
    await keys().lookAgain();
    const after = await boxes();
    expect([after.signing.equals(before.signing), after.sso.equals(before.sso)]).toEqual([false, false]);
    const { kid } = app.app.get(SigningKeys, { strict: false }).signer();
    // Who had the first key, and gets a copy of the database now, opens neither.
    expect([open(first, before.signing, kid) === null, open(first, after.signing, kid)]).toEqual([false, null]);
    expect(keys().open('sso client secrets', after.sso, `sso client secret of ${organisationId}`)?.toString()).toBe('of the provider');
    await keys().lookAgain();
    expect(await boxes()).toEqual(after);

    const replica = await IdentityApp.start({ databaseUrl: app.databaseUrl });
    for (const one of [app, replica]) {
      expect(await one.sessionIsActive(session)).toBe(true);
      expect(claimsOf((await one.call(identity.refreshSession, { realmId: app.realmId, refreshToken: (await app.logIn('ada@example.com', password)).refreshToken })).accessToken).sub).toBe(session.userId);
    }
    const link = (await app.call(getMail.identity, { realmId: app.realmId, mailId: ordered!.mailId })).mail!.content as { token: string };
    await app.call(identity.resetPassword, { token: link.token, password: 'another horse entirely' });
    await app.logIn('ada@example.com', 'another horse entirely');
    expect(await failureOf(app.logIn('ada@example.com', password))).toMatchObject({ code: 'invalid-credentials' });
  });
});
