import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ChangeAccountRole } from './change-account-role.js';
import { JoinAccounts } from './join-accounts.js';
import { LeaveAccount } from './leave-account.js';

@Injectable()
export class AccountMessages {
  constructor(
    private readonly joinAccounts: JoinAccounts,
    private readonly changeAccountRole: ChangeAccountRole,
    private readonly leaveAccount: LeaveAccount,
  ) {}

  @Handles(profiles.joinAccounts)
  join(...[request, context]: HandlerArguments<typeof profiles.joinAccounts>) {
    return this.joinAccounts.execute(request, context);
  }

  @Handles(profiles.changeAccountRole)
  changeRole(...[request, context]: HandlerArguments<typeof profiles.changeAccountRole>) {
    return this.changeAccountRole.execute(request, context);
  }

  @Handles(profiles.leaveAccount)
  leave(...[request, context]: HandlerArguments<typeof profiles.leaveAccount>) {
    return this.leaveAccount.execute(request, context);
  }
}
