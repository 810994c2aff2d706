import { Injectable } from '@nestjs/common';
import { identity, membership } from '#libs/contracts';
import { EventConsumers } from '#libs/platform/events';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ClosePlace } from './close-place.js';

/** Membership deletes organisations and projects and asks us; its event repeats that, for when the question was lost. */
@Injectable()
export class ClosingMessages {
  constructor(
    consumers: EventConsumers,
    private readonly closePlace: ClosePlace,
  ) {
    consumers.on('closed-places', membership.projectDeleted, async ({ data: { projectId, organisationId }, requestId }, commit) => {
      await commit((tx) => closePlace.within(tx, { level: 'project', placeId: projectId, organisationId }, { requestId }));
    });
    consumers.on('closed-places', membership.organisationDeleted, async ({ data: { organisationId }, requestId }, commit) => {
      await commit((tx) => closePlace.within(tx, { level: 'organisation', placeId: organisationId, organisationId }, { requestId }));
    });
  }

  @Handles(identity.closePlace)
  async close(...[place, context]: HandlerArguments<typeof identity.closePlace>) {
    await this.closePlace.execute(place, context);
    return {};
  }
}
