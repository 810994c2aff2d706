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
  /** Between its answer and its arrival. */
  meanwhile: () => Promise<unknown> = async () => undefined;

  @Handles(membership.isStaffDeleted)
  async isDeleted(...[{ userId }]: HandlerArguments<typeof membership.isStaffDeleted>) {
    const deleted = this.deleted.has(userId);
    const { meanwhile } = this;
    this.meanwhile = async () => undefined;
    await meanwhile();
    return { deleted };
  }
}

let app: IdentityApp;
let staff: DeletedStaffStandIn;
beforeAll(async () => {
  app = await IdentityApp.start({ providers: [DeletedStaffStandIn] });
  staff = app.app.get(DeletedStaffStandIn, { strict: false });
});

let people = 0;
/** Staff who can log in. */
async function person() {
  const email = `person${(people += 1)}@example.com`;
  const userId = app.contact(email);
  await app.call(identity.setPassword, { realmId: staffRealmId, userId, password, keepSessionId: null, actor: systemActor });
  return { userId, logIn: () => app.logIn(email, password, { realmId: staffRealmId }) };
}

/** Events about the user that were handled. */
const handled = (userId: string) => app.database.query(`SELECT FROM outbox o JOIN inbox i ON i.event_id = o.id WHERE i.consumer = 'suspension' AND o.data->>'userId' = $1`, [userId]);
const tell = (userId: string) => app.database.withTransaction((tx) => app.app.get(Outbox, { strict: false }).append(tx, { requestId: randomUUID() }, event(membership.staffDeleted, { userId })));
const suspend = (userId: string, suspended: boolean) => app.call(identity.suspendLogin, { realmId: staffRealmId, userId, suspended });

describe('staff of whose deletion only the event arrived', () => {
  it('can not log in, nor can their sessions go on; restored, they can: by what is true now, whatever the order of events', async () => {
    const { userId, logIn } = await person();
    const session = await logIn();
    staff.deleted.add(userId);
    await tell(userId);
    await eventually(async () => expect(await app.sessionIsActive(session)).toBe(false));
    expect(await failureOf(logIn())).toMatchObject({ code: 'invalid-credentials' });
    staff.deleted.delete(userId);
    await tell(userId);
    await eventually(async () => expect((await logIn()).userId).toBe(userId));
  });
});

describe('staff who are restored', () => {
  it('can log in, though their deletion is written down after it: its event was being handled', async () => {
    const { userId, logIn } = await person();
    staff.deleted.add(userId);
    await suspend(userId, true);
    staff.meanwhile = async () => {
      staff.deleted.delete(userId);
      await suspend(userId, false);
    };
    await tell(userId);
    await eventually(async () => expect(await handled(userId)).toHaveLength(1));
    expect((await logIn()).userId).toBe(userId);
  });

  it('can log in, though the call that suspends them comes late', async () => {
    const { userId, logIn } = await person();
    await suspend(userId, true);
    expect((await logIn()).userId).toBe(userId);
  });

  it('and deleted again can not, though the call that lets them in comes late', async () => {
    const { userId, logIn } = await person();
    staff.deleted.add(userId);
    await suspend(userId, false);
    expect(await failureOf(logIn())).toMatchObject({ code: 'invalid-credentials' });
  });
});
