import { Injectable } from '@nestjs/common';
import type { membership } from '#libs/contracts';
import { Database, type Transaction } from '#libs/platform/database';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { Departures } from '../staff/departures.js';
import { userNotFound } from '../staff/find-staff.js';
import { GivenRolesRepository } from './given-roles.repository.js';
import { MemberChanges } from './member-changes.js';
import { MemberPlaces, type Given } from './member-places.js';
import { PlaceAuthority } from './place-authority.js';

@Injectable()
export class RemoveMember {
  constructor(
    private readonly database: Database,
    private readonly places: MemberPlaces,
    private readonly authority: PlaceAuthority,
    private readonly given: GivenRolesRepository,
    private readonly changes: MemberChanges,
    private readonly departures: Departures,
  ) {}

  /** Who is taken out of an organisation is not awaited there any more, and who belongs nowhere then is deleted. @throws Failure `user-not-found` also for somebody who was given nothing here */
  async remove({ userId, place, grantor }: RequestOf<typeof membership.removeMember>, context: CallContext): Promise<void> {
    await this.database.withTransaction(async (tx) => {
      await this.changes.lock(tx, userId, grantor.actor);
      const present = await this.places.find(tx, place, userId);
      const { held, everywhere } = await this.authority.permissionsOf(tx, place, grantor);
      await this.authority.mustKnow(tx, present.organisationId, userId, everywhere);
      await this.authority.mayTake(tx, place, present.roles.map(({ role }) => role), held);
      if (!(await this.write(tx, place, present, userId))) throw userNotFound();
      if (place.level === 'organisation') await this.departures.takeBack(tx, userId, place.organisationId, grantor.actor, context);
      const projectId = place.level === 'project' ? place.projectId : null;
      await this.changes.tell(tx, userId, { action: 'role.revoked', actor: grantor.actor, organisationId: present.organisationId, projectId, before: present.roles.map((one) => `role:${one.role}`), after: [] }, context);
      await this.departures.within(tx, [userId], { actor: grantor.actor, organisationId: present.organisationId }, context);
    });
  }

  private async write(tx: Transaction, place: membership.MemberPlace, { organisationId, team }: Given, userId: string): Promise<boolean> {
    switch (place.level) {
      case 'organisation':
        await this.changes.keepAnAdmin(tx, organisationId, userId);
        return this.given.removeFromOrganisation(tx, organisationId, userId);
      case 'team':
        return this.given.removeFromTeam(tx, team!, userId);
      case 'project':
        return this.given.removeFromProject(tx, place.projectId, userId);
    }
  }
}
