import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { FindSdkKey } from './find-sdk-key.js';
import { ListSdkKeys } from './list-sdk-keys.js';
import { PutSdkKey } from './put-sdk-key.js';
import { RemoveSdkKey } from './remove-sdk-key.js';

@Injectable()
export class SdkKeysMessages {
  constructor(
    private readonly putSdkKey: PutSdkKey,
    private readonly listSdkKeys: ListSdkKeys,
    private readonly findSdkKey: FindSdkKey,
    private readonly removeSdkKey: RemoveSdkKey,
  ) {}

  @Handles(identity.putSdkKey)
  async put(...[request, context]: HandlerArguments<typeof identity.putSdkKey>) {
    return this.putSdkKey.execute(request, context);
  }

  @Handles(identity.listSdkKeys)
  async list(...[request]: HandlerArguments<typeof identity.listSdkKeys>) {
    return this.listSdkKeys.execute(request);
  }

  @Handles(identity.getSdkKey)
  async get(...[request]: HandlerArguments<typeof identity.getSdkKey>) {
    return this.findSdkKey.inProject(request);
  }

  @Handles(identity.findSdkKey)
  async find(...[request]: HandlerArguments<typeof identity.findSdkKey>) {
    return this.findSdkKey.ofToken(request);
  }

  @Handles(identity.removeSdkKey)
  async remove(...[request, context]: HandlerArguments<typeof identity.removeSdkKey>) {
    await this.removeSdkKey.execute(request, context);
    return {};
  }
}
