import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { CountLoginRemains } from './count-login-remains.js';
import { EraseLogins } from './erase-logins.js';
import { HideLogins } from './hide-logins.js';

@Injectable()
export class ErasureMessages {
  constructor(
    private readonly hideLogins: HideLogins,
    private readonly eraseLogins: EraseLogins,
    private readonly countLoginRemains: CountLoginRemains,
  ) {}

  @Handles(identity.hideLogins)
  async hide(...[request, context]: HandlerArguments<typeof identity.hideLogins>) {
    return { hidden: await this.hideLogins.execute(request, context) };
  }

  @Handles(identity.eraseLogins)
  async erase(...[request]: HandlerArguments<typeof identity.eraseLogins>) {
    return { erased: await this.eraseLogins.execute(request) };
  }

  @Handles(identity.countLoginRemains)
  async countRemains(...[request]: HandlerArguments<typeof identity.countLoginRemains>) {
    return { remains: await this.countLoginRemains.execute(request) };
  }
}
