import { Injectable } from '@nestjs/common';
import { Outbox } from '#libs/platform/events';
import { Idempotency } from '#libs/platform/idempotency';
import { TombstoneKeys } from '../erasure/tombstone-keys.js';
import { TombstonesRepository } from '../erasure/tombstones.repository.js';
import { UsersRepository } from './users.repository.js';

/** What it takes to write upserts in a transaction. */
@Injectable()
export class UpsertTools {
  constructor(
    readonly users: UsersRepository,
    readonly tombstones: TombstonesRepository,
    readonly keys: TombstoneKeys,
    readonly outbox: Outbox,
    readonly idempotency: Idempotency,
  ) {}
}
