import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Logger } from '#libs/platform/logging';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';

/** Has identity shut what was deleted, within the request that deleted it. */
@Injectable()
export class ClosedPlaces {
  constructor(
    private readonly rpc: RpcClient,
    private readonly logger: Logger,
  ) {}

  /** After the commit. Never fails: the event repeats what is lost here. */
  async follow(place: identity.ClosedPlace, context: CallContext): Promise<void> {
    await this.rpc.call(identity.closePlace, place, context).catch((error: unknown) => {
      this.logger.warn({ requestId: context.requestId, placeId: place.placeId, err: error }, 'identity was not told of a deletion; the event tells it again');
    });
  }
}
