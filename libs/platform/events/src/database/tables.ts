import type { Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';
import { CarryTraces1700000000160 } from './carry-traces.migration.js';
import { CreateEventTables1700000000001 } from './create-event-tables.migration.js';
import { DeadLetter } from './dead-letter.entity.js';
import { ExtendDeadLetters1700000000003 } from './extend-dead-letters.migration.js';
import { MarkFedEvents1700000000004 } from './mark-fed-events.migration.js';
import { InboxRow } from './inbox-row.entity.js';
import { OutboxRow } from './outbox-row.entity.js';
import { RelayState } from './relay-state.entity.js';
import { RememberAcknowledgement1700000000161 } from './remember-acknowledgement.migration.js';

/** Migrations that make `outbox`, `inbox`, `dead_letters` and `relay_state`; every service puts them before its own. */
export const eventsMigrations: readonly Type<MigrationInterface>[] = [CreateEventTables1700000000001, ExtendDeadLetters1700000000003, MarkFedEvents1700000000004, CarryTraces1700000000160, RememberAcknowledgement1700000000161];

export const eventsEntities: readonly Type[] = [OutboxRow, InboxRow, DeadLetter, RelayState];
