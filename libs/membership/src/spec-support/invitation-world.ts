import { v7 as uuidv7 } from 'uuid';
import { getMail, membership, staffRealmId, type Actor } from '#libs/contracts';
import { MembershipApp } from './membership-app.js';
import { PeopleStandIn } from './people-stand-in.js';

/** Who invites. */
export const actor: Actor = { type: 'credential', id: 'k1' };
/** What who was invited chooses. */
export const password = 'correct horse battery';

let count = 0;
/** Of somebody whom nobody has invited yet. */
export const address = () => `invitee-${(count += 1)}@example.com`;

/** The code that a call fails with, or `ok`. */
export const refusal = async (call: Promise<unknown>) => call.then(() => 'ok', (error: { value: { code: string } }) => error.value.code);

/** Membership on a database of its own, with those from whom it has people and mails, and what inviting and accepting takes. */
export class InvitationWorld {
  private constructor(
    readonly app: MembershipApp,
    readonly people: PeopleStandIn,
  ) {}

  static async start(): Promise<InvitationWorld> {
    const app = await MembershipApp.start([PeopleStandIn]);
    return new InvitationWorld(app, app.provider(PeopleStandIn));
  }

  async ofOrganisation() {
    const organisationId = await this.app.organisation();
    return { organisationId, scope: { level: 'organisation', organisationId } as const };
  }

  invite(email: string, scope: membership.Scope, role: string) {
    return this.app.call(membership.inviteUser, { invitationId: uuidv7(), newUserId: uuidv7(), email, scope, role, actor });
  }

  /** Under an idempotency key. @param sent what the key was sent with */
  inviteOnce(email: string, scope: membership.Scope, role: string, key: string, sent?: string) {
    return this.app.callOnce(membership.inviteUser, { invitationId: uuidv7(), newUserId: uuidv7(), email, scope, role, actor }, key, sent);
  }

  /** Sends an invitation again, under an idempotency key. @param sent what the key was sent with */
  resendOnce(invitationId: string, key: string, sent?: string) {
    return this.app.callOnce(membership.resendInvitation, { invitationId, actor }, key, sent);
  }

  accept(token: string, more: { password?: string | null; displayName?: string } = {}) {
    return this.app.call(membership.acceptInvitation, { token, password, displayName: null, ...more });
  }

  /** Lets the term of an invitation pass. */
  async age(invitationId: string): Promise<void> {
    await this.app.database.execute(`UPDATE invitations SET expires_at = now() - interval '1 second' WHERE invitation_id = $1`, [invitationId]);
  }

  /** Ids of the mails that were asked for, oldest first. */
  async mailsOf(userId: string): Promise<string[]> {
    const events = await this.app.events('membership.mail.requested');
    return events.filter((data) => data['userId'] === userId).map((data) => data['mailId'] as string);
  }

  /** What a mail says; null: nothing any more. */
  async mailOf(mailId: string) {
    return (await this.app.call(getMail.membership, { realmId: staffRealmId, mailId })).mail;
  }

  async newestMail(userId: string) {
    const mail = await this.mailOf((await this.mailsOf(userId)).at(-1)!);
    if (mail?.content.template !== 'invitation') throw new Error('there is no mail to send');
    return { ...mail, ...mail.content };
  }

  async rolesOf(userId: string, place: membership.Scope): Promise<string[]> {
    return (await this.app.call(membership.getAccess, { userId, place })).roles.map(({ role }) => role);
  }
}
