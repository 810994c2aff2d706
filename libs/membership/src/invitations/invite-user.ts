import { Injectable } from '@nestjs/common';
import { membership, rolesOfLevel, type profiles } from '#libs/contracts';
import { Database, GroupCommit, nextTurn } from '#libs/platform/database';
import { Idempotency } from '#libs/platform/idempotency';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { EnsurePerson } from './ensure-person.js';
import { InvitationPlaces, type InvitationPlace } from './invitation-places.js';
import { WriteInvitations, type InvitationWritten } from './write-invitations.js';

@Injectable()
export class InviteUser {
  private readonly looks: GroupCommit<membership.Scope, InvitationPlace>;

  constructor(
    private readonly database: Database,
    private readonly ensurePerson: EnsurePerson,
    places: InvitationPlaces,
    private readonly writes: WriteInvitations,
    private readonly idempotency: Idempotency,
  ) {
    this.looks = new GroupCommit((scopes: readonly membership.Scope[]) => places.findEach(database, scopes), { gather: nextTurn });
  }

  /**
   * The address becomes one person's, then, in one transaction, come the invitation and its mail. Broken off anywhere,
   * asking again goes on: the address has its person by then.
   * @returns without the person, when the request was answered before
   */
  async invite(request: RequestOf<typeof membership.inviteUser>, context: CallContext): Promise<InvitationWritten & { person?: profiles.Profile }> {
    // Before anybody is made: who was erased since would be there again.
    const before = await this.writes.before(context);
    if (before !== undefined) return before;
    const { scope, role } = request;
    const known: readonly string[] = rolesOfLevel[scope.level];
    if (!known.includes(role)) throw membership.membershipErrors.failure('role-unknown', `The role of a ${scope.level} is one of ${known.join(', ')}.`);
    // Before anybody is made for it.
    await this.looks.submit(scope, context.deadlineAt);
    const person = await this.ensurePerson.withAddress(request, context);
    return { ...(await this.writes.write({ request, person, context })), person };
  }

  /**
   * Takes the key of a request for several. Each of them has a key of its own.
   * @throws Failure `idempotency-key-reused`, `idempotency-key-in-use`
   */
  async begin(context: CallContext): Promise<void> {
    const nothing = async () => undefined;
    await this.database.withTransaction((tx) => this.idempotency.once(tx, context, { work: nothing, refer: () => ({}), again: nothing }));
  }
}
