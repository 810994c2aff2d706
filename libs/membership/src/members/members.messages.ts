import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ListMembers } from './list-members.js';
import { RemoveMember } from './remove-member.js';
import { SetMember } from './set-member.js';

@Injectable()
export class MembersMessages {
  constructor(
    private readonly listMembers: ListMembers,
    private readonly setMember: SetMember,
    private readonly removeMember: RemoveMember,
  ) {}

  @Handles(membership.listMembers)
  async list(...[request]: HandlerArguments<typeof membership.listMembers>) {
    return this.listMembers.list(request);
  }

  @Handles(membership.setMember)
  async set(...[request, context]: HandlerArguments<typeof membership.setMember>) {
    return this.setMember.set(request, context);
  }

  @Handles(membership.removeMember)
  async remove(...[request, context]: HandlerArguments<typeof membership.removeMember>) {
    await this.removeMember.remove(request, context);
    return {};
  }
}
