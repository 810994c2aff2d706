import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ImportCredentials } from './import-credentials.js';

@Injectable()
export class ImportingMessages {
  constructor(private readonly importCredentials: ImportCredentials) {}

  @Handles(identity.importCredentials)
  async import(...[request, context]: HandlerArguments<typeof identity.importCredentials>) {
    return this.importCredentials.execute(request, context);
  }
}
