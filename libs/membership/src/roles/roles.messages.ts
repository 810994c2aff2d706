import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { GrantRole } from './grant-role.js';

@Injectable()
export class RolesMessages {
  constructor(private readonly grantRole: GrantRole) {}

  @Handles(membership.grantRole)
  async grant(...[request, context]: HandlerArguments<typeof membership.grantRole>) {
    return { granted: await this.grantRole.grant(request, context) };
  }
}
