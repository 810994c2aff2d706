import { Injectable } from '@nestjs/common';
import { Outbox } from '#libs/platform/events';
import { Idempotency } from '#libs/platform/idempotency';
import { SightsRepository } from '../activity/sights.repository.js';
import { TombstoneKeys } from '../erasure/tombstone-keys.js';
import { TombstonesRepository } from '../erasure/tombstones.repository.js';
import { EventsRepository } from './events.repository.js';

/** What it takes to write tracked events in a transaction. */
@Injectable()
export class EventTools {
  constructor(
    readonly events: EventsRepository,
    readonly sights: SightsRepository,
    readonly tombstones: TombstonesRepository,
    readonly keys: TombstoneKeys,
    readonly outbox: Outbox,
    readonly idempotency: Idempotency,
  ) {}
}
