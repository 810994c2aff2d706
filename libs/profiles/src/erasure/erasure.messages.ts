import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { CountProfileRemains } from './count-profile-remains.js';
import { EraseProfile } from './erase-profile.js';
import { HideUsers } from './hide-users.js';

@Injectable()
export class ErasureMessages {
  constructor(
    private readonly hideUsers: HideUsers,
    private readonly eraseProfile: EraseProfile,
    private readonly countProfileRemains: CountProfileRemains,
  ) {}

  @Handles(profiles.hideUsers)
  async hide(...[request, context]: HandlerArguments<typeof profiles.hideUsers>) {
    return { userIds: await this.hideUsers.execute(request, context) };
  }

  @Handles(profiles.eraseProfile)
  async erase(...[request]: HandlerArguments<typeof profiles.eraseProfile>) {
    return { erased: await this.eraseProfile.execute(request) };
  }

  @Handles(profiles.countProfileRemains)
  async countRemains(...[request]: HandlerArguments<typeof profiles.countProfileRemains>) {
    return { remains: await this.countProfileRemains.execute(request) };
  }
}
