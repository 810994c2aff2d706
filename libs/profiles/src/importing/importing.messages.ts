import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { FindUsers } from './find-users.js';
import { ImportUsers } from './import-users.js';

@Injectable()
export class ImportingMessages {
  constructor(
    private readonly findUsers: FindUsers,
    private readonly importUsers: ImportUsers,
  ) {}

  @Handles(profiles.findUsers)
  find(...[request]: HandlerArguments<typeof profiles.findUsers>) {
    return this.findUsers.execute(request);
  }

  @Handles(profiles.importUsers)
  import(...[request, context]: HandlerArguments<typeof profiles.importUsers>) {
    return this.importUsers.execute(request, context);
  }
}
