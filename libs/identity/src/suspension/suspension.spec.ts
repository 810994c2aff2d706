import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { identity, membership, staffRealmId, systemActor } from '#libs/contracts';
import { event, Outbox } from '#libs/platform/events';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { eventually } from '#libs/platform/testing';
import { failureOf, IdentityApp } from '../spec-support/identity-app.js';

const password = 'correct horse battery';

/** Answers who is deleted, which membership knows. */
@Injectable()
class DeletedStaffStandIn {
  readonly deleted = new Set<string>();

  @Handles(membership.isStaffDeleted)
  async isDeleted(...[{ userId }]: HandlerArguments<typeof membership.isStaffDeleted>) {
    return { deleted: this.deleted.has(userId) };
  }
}

let app: IdentityApp;
let staff: DeletedStaffStandIn;
beforeAll(async () => {
  app = await IdentityApp.start({ providers: [DeletedStaffStandIn] });
  staff = app.app.get(DeletedStaffStandIn, { strict: false });
});

describe('staff of whose deletion only the event arrived', () => {
  it('can not log in, nor can their sessions go on; restored, they can: by what is true now, whatever the order of events', async () => {
    const userId = app.contact('leaver@example.com');
    await app.call(identity.setPassword, { realmId: staffRealmId, userId, password, keepSessionId: null, actor: systemActor });
    const logIn = () => app.logIn('leaver@example.com', password, { realmId: staffRealmId });
    const tell = () => app.database.withTransaction((tx) => app.app.get(Outbox, { strict: false }).append(tx, { requestId: randomUUID() }, event(membership.staffDeleted, { userId })));
    const session = await logIn();
    staff.deleted.add(userId);
    await tell();
    await eventually(async () => expect(await app.sessionIsActive(session)).toBe(false));
    expect(await failureOf(logIn())).toMatchObject({ code: 'invalid-credentials' });
    staff.deleted.delete(userId);
    await tell();
    await eventually(async () => expect((await logIn()).userId).toBe(userId));
  });
});
