import { Injectable } from '@nestjs/common';
import { membership, staffRealmId } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { CountMemberRemains } from './count-member-remains.js';
import { EraseMembers } from './erase-members.js';
import { HideMembers } from './hide-members.js';

/** The realm is not looked at: an id belongs to one user in the deployment, and roles are held across realms. */
@Injectable()
export class ErasureMessages {
  constructor(
    private readonly hideMembers: HideMembers,
    private readonly eraseMembers: EraseMembers,
    private readonly countMemberRemains: CountMemberRemains,
  ) {}

  @Handles(membership.hideMembers)
  async hide(...[{ realmId, userIds }, context]: HandlerArguments<typeof membership.hideMembers>) {
    const hidden = await this.hideMembers.hide(userIds, context);
    return { hidden, organisationIds: realmId === staffRealmId ? await this.hideMembers.organisationsOf(userIds) : [] };
  }

  @Handles(membership.eraseMembers)
  async erase(...[{ userIds }, context]: HandlerArguments<typeof membership.eraseMembers>) {
    return { erased: await this.eraseMembers.erase(userIds, context) };
  }

  @Handles(membership.countMemberRemains)
  async countRemains(...[{ userIds }]: HandlerArguments<typeof membership.countMemberRemains>) {
    return { remains: await this.countMemberRemains.count(userIds) };
  }
}
