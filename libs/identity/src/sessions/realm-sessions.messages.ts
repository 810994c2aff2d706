import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { EndSessionsOfRealm } from './end-sessions-of-realm.js';

@Injectable()
export class RealmSessionsMessages {
  constructor(private readonly endSessionsOfRealm: EndSessionsOfRealm) {}

  @Handles(identity.endSessionsOfRealm)
  async end(...[request, context]: HandlerArguments<typeof identity.endSessionsOfRealm>) {
    return this.endSessionsOfRealm.execute(request, context);
  }
}
