import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf } from '#libs/platform/messages';
import { AccessAtRepository } from '../access/access-at.repository.js';

/** Lets somebody in whom an organisation's identity provider vouched for. */
@Injectable()
export class AdmitBySso {
  constructor(
    private readonly database: Database,
    private readonly access: AccessAtRepository,
  ) {}

  /**
   * @returns the user's id
   * @throws Failure `sso-not-invited`, also for whom the organisation has deactivated
   */
  async execute({ organisationId, userId }: RequestOf<typeof membership.admitBySso>): Promise<string> {
    const standing = userId === null ? undefined : await this.access.organisation(this.database, userId, organisationId);
    if (userId === null || standing?.belongs !== true) throw membership.membershipErrors.failure('sso-not-invited', 'The organisation has not invited this person, or has deactivated them.');
    return userId;
  }
}
