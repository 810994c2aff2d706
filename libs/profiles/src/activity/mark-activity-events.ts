import { Injectable } from '@nestjs/common';
import { isStorable, profiles } from '#libs/contracts';
import { Database, type Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import { mistakesSentence, type FailureDetail } from '#libs/platform/errors';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { unstorableDetail } from '../database/storable.js';
import { FieldsRepository } from '../fields/fields.repository.js';
import { ActivityEventsRepository } from './activity-events.repository.js';
import { ActivityRuns } from './activity-runs.js';

const { activityFieldsOf, profilesErrors, reservedAttributeNames } = profiles;

/** Marks the events of whose name the first and the last time is kept with each user. */
@Injectable()
export class MarkActivityEvents {
  constructor(
    private readonly database: Database,
    private readonly events: ActivityEventsRepository,
    private readonly fields: FieldsRepository,
    private readonly runs: ActivityRuns,
    private readonly outbox: Outbox,
  ) {}

  async execute(request: RequestOf<typeof profiles.markActivityEvents>, context: CallContext): Promise<void> {
    const realmId = request.realmId.toLowerCase();
    checkEvents(request.events);
    await this.database.withTransaction(async (tx) => {
      // Nobody writes attributes meanwhile, so that none has the name of a field of these events afterwards.
      await this.fields.lock(tx, realmId);
      await this.events.lock(tx, realmId);
      const present = (await this.events.list(tx, realmId)).map((one) => one.event);
      if (JSON.stringify(present) === JSON.stringify(request.events)) return;
      await this.refuseTaken(tx, realmId, request.events, new Set(present));
      await this.events.mark(tx, realmId, request.events, request.actor.id);
      await this.outbox.append(tx, context, event(profiles.activityEventsMarked, { realmId }));
      tx.afterCommit(() => this.runs.nudge());
    });
  }

  private async refuseTaken(tx: Transaction, realmId: string, events: readonly string[], present: ReadonlySet<string>): Promise<void> {
    const declared = new Set((await this.fields.list(tx, realmId)).map(({ name }) => name));
    const fresh = [...events.keys()].filter((place) => !present.has(events[place]!));
    const details = fresh.flatMap((place): FailureDetail[] => {
      const taken = activityFieldsOf(events[place]!).find((field) => declared.has(field));
      return taken === undefined ? [] : [{ path: `events[${place}]`, message: `${taken} is a custom field` }];
    });
    if (details.length === 0) {
      const users = await this.events.countAttributes(tx, realmId, fresh.flatMap((place) => [...activityFieldsOf(events[place]!)]));
      if (users === 0) return;
      // One look at all users for all of them; which one it is, only when there is somebody.
      for (const place of fresh) {
        const count = await this.events.countAttributes(tx, realmId, activityFieldsOf(events[place]!));
        if (count > 0) details.push({ path: `events[${place}]`, message: `${count === 1 ? '1 user has' : `${count} users have`} an attribute called ${activityFieldsOf(events[place]!).join(' or ')}` });
      }
    }
    throw profilesErrors.failure('activity-field-taken', `The fields of an event have names that are taken. ${details.map(({ message }) => message).join('; ')}.`, { details });
  }
}

function checkEvents(events: readonly string[]): void {
  const details = events.flatMap((name, place): FailureDetail[] => {
    const path = `events[${place}]`;
    if (!isStorable(name)) return [unstorableDetail(path)];
    if (events.indexOf(name) < place) return [{ path, message: 'is named twice' }];
    const reserved = activityFieldsOf(name).find((field) => reservedAttributeNames.has(field));
    return reserved === undefined ? [] : [{ path, message: `can't be marked: ${reserved} is kept already` }];
  });
  if (details.length > 0) throw profilesErrors.failure('invalid-activity-event', mistakesSentence(details, 'The events'), { details });
}
