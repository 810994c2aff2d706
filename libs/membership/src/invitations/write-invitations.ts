import { Injectable } from '@nestjs/common';
import { membership, type profiles } from '#libs/contracts';
import { Database, GroupCommit, nextTurn, type Outcome, type Queryable, type Transaction } from '#libs/platform/database';
import type { Failure } from '#libs/platform/errors';
import { Idempotency, type Reference } from '#libs/platform/idempotency';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import type { PersonNames } from '../directory/directory.repository.js';
import type { InvitationPlace } from './invitation-places.js';
import { InvitationTools } from './invitation-tools.js';
import type { NewInvitation, StoredInvitation } from './invitations.repository.js';
import type { InvitedUser } from './invitees.repository.js';
import { SendInvitation } from './send-invitation.js';

const { membershipErrors } = membership;

/** An invitation of somebody who is known by now. */
export interface InvitationWrite {
  request: RequestOf<typeof membership.inviteUser>;
  person: Pick<profiles.Profile, 'userId' | 'version' | 'displayName' | 'email'>;
  context: CallContext;
}

/** `created`: a new invitation, not one that was renewed. `announced`: its mail was asked for just now. */
export interface InvitationWritten {
  invitation: StoredInvitation;
  user: InvitedUser;
  created: boolean;
  announced: boolean;
}

/** The transactions of invitations. Those that arrive together share one; each is answered after the commit of its own. */
@Injectable()
export class WriteInvitations {
  private readonly writes: GroupCommit<InvitationWrite, InvitationWritten>;

  constructor(
    private readonly database: Database,
    private readonly tools: InvitationTools,
    private readonly sending: SendInvitation,
    private readonly idempotency: Idempotency,
  ) {
    const rules = { items: 64, gather: nextTurn, keyOf };
    this.writes = new GroupCommit((writes: readonly InvitationWrite[]) => database.withTransaction((tx) => this.writeAll(tx, writes)), rules);
  }

  /** @throws Failure the invitation's own, or `service-unavailable` */
  write(write: InvitationWrite): Promise<InvitationWritten> {
    return this.writes.submit(write, write.context.deadlineAt);
  }

  /**
   * What came of the request when it was sent before; undefined: nothing yet.
   * @throws Failure `idempotency-key-reused`, `invitation-not-found` for one whose person was erased since
   */
  async before(context: CallContext): Promise<InvitationWritten | undefined> {
    const reference = await this.idempotency.earlier(this.database, context);
    if (reference === undefined) return undefined;
    const outcome = await this.earlier(this.database, reference);
    if ('failure' in outcome) throw outcome.failure;
    return outcome.answer;
  }

  /** @param writes of different people */
  private async writeAll(tx: Transaction, writes: readonly InvitationWrite[]): Promise<Outcome<InvitationWritten>[]> {
    const claims = await this.idempotency.claim(tx, writes.map(({ context }) => context));
    const outcomes: Outcome<InvitationWritten>[] = [];
    for (const [place, claim] of claims.entries()) {
      if (claim?.state === 'refused') outcomes[place] = { failure: claim.failure };
      if (claim?.state === 'earlier') outcomes[place] = await this.earlier(tx, claim.reference);
    }
    await this.writeFresh(tx, writes, [...writes.keys()].filter((place) => outcomes[place] === undefined), outcomes);
    await this.idempotency.settle(tx, writes.flatMap(({ context }, place) => (claims[place]?.state === 'fresh' ? [{ context, reference: referenceTo(outcomes[place]!) }] : [])));
    return outcomes;
  }

  /** @param places of those that are to be written; their outcomes are put there */
  private async writeFresh(tx: Transaction, writes: readonly InvitationWrite[], places: readonly number[], outcomes: Outcome<InvitationWritten>[]): Promise<void> {
    if (places.length === 0) return;
    const { members, invitations, invitees, directory } = this.tools;
    const found = await this.tools.places.findEach(tx, places.map((place) => writes[place]!.request.scope));
    const leading = places.flatMap((place, index) => {
      const at = found[index]!;
      if ('answer' in at) return [{ place, at: at.answer }];
      outcomes[place] = at;
      return [];
    });
    // The people's rows make invitations of one person come one after the other.
    const taken = await members.takeAll(tx, leading.map(({ place }) => keyOf(writes[place]!)));
    const wanted: { place: number; invitation: NewInvitation }[] = [];
    for (const { place, at } of leading) {
      const write = writes[place]!;
      const refusal = await this.refusalOf(tx, write, at, taken.get(keyOf(write)));
      const { invitationId, email, role, actor } = write.request;
      if (refusal !== undefined) outcomes[place] = { failure: refusal };
      else wanted.push({ place, invitation: { ...at, invitationId, userId: keyOf(write), email, role, ...this.sending.prepare(actor) } });
    }
    if (wanted.length === 0) return;
    // Thrown: then the others are written without this one, and nobody was brought back for nothing.
    await this.sending.mustNotBeTooOften(tx, wanted.filter(({ place }) => taken.get(keyOf(writes[place]!)) === 'known').map(({ invitation }) => invitation));
    const put = new Map((await invitations.put(tx, wanted.map(({ invitation }) => invitation))).map((one) => [one.userId, one]));
    const written = wanted.map(({ place, invitation: { userId, invitationId } }) => ({ place, invitation: put.get(userId)!, created: put.get(userId)!.invitationId === invitationId }));
    // Their names first, so that they come into lists with them.
    directory.applyToLocked(tx, written.map(({ place }) => namesOf(writes[place]!)));
    invitees.expect(tx, written.map(({ invitation }) => invitation));
    await this.sending.announce(tx, written.map(({ place, invitation, created }) => ({ action: created ? 'user.invited' : 'invitation.renewed', invitation, context: writes[place]!.context })));
    const users = new Map((await invitees.describe(tx, written.map(({ invitation }) => invitation.userId))).map((user) => [user.userId, user]));
    for (const { place, invitation, created } of written) outcomes[place] = { answer: { invitation, user: users.get(invitation.userId)!, created, announced: true } };
  }

  /** Of whom nobody had heard there is nothing to be found anywhere else. */
  private async refusalOf(tx: Transaction, { request: { role, actor }, person: { userId }, context }: InvitationWrite, at: InvitationPlace, taken: 'new' | 'known' | undefined): Promise<Failure | undefined> {
    if (taken === undefined) return membershipErrors.failure('user-not-found', 'This person is being erased: try again later.');
    if (taken === 'new') return undefined;
    const revived = await this.tools.departures.revive(tx, userId, { actor, organisationId: at.organisationId }, context);
    const needless = await this.needlessness(tx, at, userId, role);
    // Nobody is brought back by an invitation that is refused: the transaction goes, and the others are written without this one.
    if (revived && needless !== undefined) throw needless;
    return needless;
  }

  private async needlessness(tx: Transaction, at: InvitationPlace, userId: string, role: string): Promise<Failure | undefined> {
    const { invitees } = this.tools;
    if (await invitees.holds(tx, { ...at, userId, role })) return membershipErrors.failure('role-held', 'They have this role already.');
    if (at.organisationId === null || (await invitees.statusIn(tx, at.organisationId, userId)) !== 'inactive') return undefined;
    return membershipErrors.failure('member-inactive', 'They were deactivated in the organisation: activate them there instead.');
  }

  private async earlier(on: Queryable, reference: Reference): Promise<Outcome<InvitationWritten>> {
    const invitation = await this.tools.invitations.get(on, reference['invitationId'] as string);
    if (invitation === undefined) return { failure: membershipErrors.failure('invitation-not-found', 'There is no such invitation.') };
    const [user] = await this.tools.invitees.describe(on, [invitation.userId]);
    return { answer: { invitation, user: user!, created: false, announced: false } };
  }
}

function namesOf(write: InvitationWrite): PersonNames {
  const { version, displayName, email } = write.person;
  return { userId: keyOf(write), version, name: displayName, email };
}

/** By person: two invitations of one are two groups'. */
function keyOf({ person }: InvitationWrite): string {
  return person.userId.toLowerCase();
}

function referenceTo(outcome: Outcome<InvitationWritten>): { invitationId: string } | undefined {
  return 'answer' in outcome ? { invitationId: outcome.answer.invitation.invitationId } : undefined;
}
