import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import type { Queryable, Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext } from '#libs/platform/messages';
import { OrganisationsRepository } from '../organisations/organisations.repository.js';
import { GrantsRepository } from '../roles/grants.repository.js';
import { MembersRepository } from '../roles/members.repository.js';
import { DeletedStaffRepository } from './deleted-staff.repository.js';
import { StaffRepository } from './staff.repository.js';

const { membershipErrors } = membership;

/** An organisation keeps its last administrator, and the deployment its own. */
@Injectable()
export class LastAdministrators {
  constructor(
    private readonly organisations: OrganisationsRepository,
    private readonly grants: GrantsRepository,
    private readonly members: MembersRepository,
    private readonly deleted: DeletedStaffRepository,
    private readonly staff: StaffRepository,
    private readonly outbox: Outbox,
  ) {}

  /** Decided one after the other: organisations and the deployment are locked. @throws Failure `last-org-admin`, `last-super-admin` */
  async mustNotBe(tx: Transaction, userId: string): Promise<void> {
    for (const organisationId of await this.deleted.administeredBy(tx, userId)) {
      await this.organisations.lock(tx, organisationId);
      if (await this.grants.isOnlyAdmin(tx, organisationId, userId)) throw membershipErrors.failure('last-org-admin', 'The user is the last org_admin of an organisation: give it another first.');
    }
    await this.mustNotBeLastSuperAdmin(tx, userId);
  }

  /** @throws Failure `last-super-admin` */
  async mustNotBeLastSuperAdmin(tx: Transaction, userId: string): Promise<void> {
    await this.grants.lockDeployment(tx);
    const holders = await this.grants.superAdmins(tx);
    if (holders.length === 1 && holders[0] === userId) throw membershipErrors.failure('last-super-admin', 'The last super administrator stays until there is another.');
  }

  /** The one organisation that the user belongs to, for the audit trail; of several, none. */
  async homeOf(on: Queryable, userId: string): Promise<{ organisationId?: string }> {
    const roles = await this.staff.roles(on, [userId], { everything: true, organisations: [], teams: [], projects: [] });
    const [home, ...others] = [...new Set(roles.flatMap(({ organisationId }) => organisationId ?? []))];
    return home === undefined || others.length > 0 ? {} : { organisationId: home };
  }

  async tell(tx: Transaction, userId: string, context: CallContext): Promise<void> {
    await this.outbox.append(tx, context, event(membership.rolesChanged, { userId, version: await this.members.bump(tx, userId) }));
  }
}
