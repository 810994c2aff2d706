import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Database, type Transaction } from '#libs/platform/database';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { AccessAtRepository } from '../access/access-at.repository.js';
import { EnsurePerson } from '../invitations/ensure-person.js';
import { InviteesRepository } from '../invitations/invitees.repository.js';
import { WriteAdmission } from './write-admission.js';

type Request = RequestOf<typeof membership.admitBySso>;

/** Lets somebody in whom an organisation's identity provider vouched for. */
@Injectable()
export class AdmitBySso {
  constructor(
    private readonly database: Database,
    private readonly access: AccessAtRepository,
    private readonly ensurePerson: EnsurePerson,
    private readonly invitees: InviteesRepository,
    private readonly writeAdmission: WriteAdmission,
  ) {}

  /**
   * The person first, where there is none and the organisation takes everybody of its domains; then what they are in it.
   * @returns the user's id
   * @throws Failure `sso-not-invited`, also for whom the organisation has deactivated
   */
  async execute(request: Request, context: CallContext): Promise<string> {
    const userId = request.userId ?? (await this.newcomer(request, context));
    await this.database.withTransaction(async (tx) => {
      await this.assertConsent(tx, userId, request.organisationId);
      if (await this.writeAdmission.write(tx, userId, request, context)) return;
      const standing = await this.access.organisation(tx, userId, request.organisationId);
      if (standing?.belongs !== true) throw notInvited();
    });
    return userId;
  }

  /**
   * Whoever has a role in the deployment belongs everywhere: an organisation's provider, of which its administrators are in charge, would be one more way to become them, and they would not even know.
   * So they come in by it only where they have become a member themselves.
   */
  private async assertConsent(tx: Transaction, userId: string, organisationId: string): Promise<void> {
    const { belongs } = await this.access.deployment(tx, userId);
    if (belongs && (await this.invitees.statusIn(tx, organisationId, userId)) !== 'active') throw notInvited();
  }

  /** An address that was invited has its person already, whom identity knows by it. */
  private async newcomer({ organisationId, newUserId, email, name, autoJoin }: Request, context: CallContext): Promise<string> {
    if (!autoJoin) throw notInvited();
    // Before anybody is made for an organisation that is not there.
    if ((await this.access.organisation(this.database, newUserId, organisationId)) === undefined) throw membership.membershipErrors.failure('organisation-not-found', 'There is no such organisation.');
    const actor = { type: 'user', id: newUserId } as const;
    return (await this.ensurePerson.withAddress({ email, newUserId, actor, displayName: name }, context)).userId;
  }
}

function notInvited() {
  return membership.membershipErrors.failure('sso-not-invited', 'The organisation has not invited this person, or has deactivated them.');
}
