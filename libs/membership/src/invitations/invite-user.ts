import { Injectable } from '@nestjs/common';
import { membership, rolesOfLevel } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { Idempotency } from '#libs/platform/idempotency';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { EnsurePerson } from './ensure-person.js';
import { InvitationPlaces } from './invitation-places.js';
import { ListInvitations } from './list-invitations.js';
import type { StoredInvitation } from './invitations.repository.js';
import { WriteInvitation } from './write-invitation.js';

@Injectable()
export class InviteUser {
  constructor(
    private readonly database: Database,
    private readonly ensurePerson: EnsurePerson,
    private readonly places: InvitationPlaces,
    private readonly writeInvitation: WriteInvitation,
    private readonly listInvitations: ListInvitations,
    private readonly idempotency: Idempotency,
  ) {}

  /**
   * The address becomes one person's, then, in one transaction, come the invitation and its mail. Broken off anywhere,
   * asking again goes on: the address has its person by then.
   */
  async invite(request: RequestOf<typeof membership.inviteUser>, context: CallContext): Promise<{ invitation: StoredInvitation; created: boolean }> {
    const { scope, role } = request;
    const known: readonly string[] = rolesOfLevel[scope.level];
    if (!known.includes(role)) throw membership.membershipErrors.failure('role-unknown', `The role of a ${scope.level} is one of ${known.join(', ')}.`);
    // Before anybody is made for it.
    await this.places.find(this.database, scope);
    const userId = await this.ensurePerson.withAddress(request, context);
    return this.database.withTransaction((tx) =>
      this.idempotency.once(tx, context, {
        work: () => this.writeInvitation.write(tx, userId, request, context),
        refer: ({ invitation }) => ({ invitationId: invitation.invitationId }),
        again: async ({ invitationId }) => ({ invitation: await this.listInvitations.get(invitationId), created: false }),
      }),
    );
  }
}
