import { Injectable } from '@nestjs/common';
import { isStorable, profiles, type Actor } from '#libs/contracts';
import { auditTrail, type NewAuditEntry } from '#libs/platform/audit';
import { Database, type Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import { mistakesSentence, type FailureDetail } from '#libs/platform/errors';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { unstorableDetail } from '../database/storable.js';
import { ActivityEventsRepository } from '../activity/activity-events.repository.js';
import { FieldSweep } from './field-sweep.js';
import { FieldsRepository, type FieldRow } from './fields.repository.js';

type Wanted = RequestOf<typeof profiles.declareFields>['fields'][number];

const { mostFields, profilesErrors, reservedAttributeNames } = profiles;
/** What a value is, and what values are, of each type. */
const kinds: Record<profiles.FieldType, readonly [one: string, several: string]> = { text: ['text', 'texts'], date: ['date', 'dates'], number: ['number', 'numbers'], boolean: ['boolean', 'booleans'], user: ['id of a user', 'ids of users'] };

/** Declares custom fields, relabels them, and changes their types where the stored values allow it. All or none. */
@Injectable()
export class DeclareFields {
  constructor(
    private readonly database: Database,
    private readonly fields: FieldsRepository,
    private readonly sweep: FieldSweep,
    private readonly activityEvents: ActivityEventsRepository,
    private readonly outbox: Outbox,
  ) {}

  async execute(request: RequestOf<typeof profiles.declareFields>, context: CallContext): Promise<profiles.ProfileField[]> {
    const realmId = request.realmId.toLowerCase();
    checkNames(request.fields);
    const declared = await this.database.withTransaction((tx) => this.declare(tx, realmId, request, context));
    for (const { name, sweep } of declared) if (sweep !== null) await this.sweep.execute(realmId, name, request.actor.id, context);
    return declaredFields(await this.fields.list(this.database, realmId));
  }

  /** @returns those that changed */
  private async declare(tx: Transaction, realmId: string, { fields: wanted, actor }: RequestOf<typeof profiles.declareFields>, context: CallContext): Promise<FieldRow[]> {
    await this.fields.lock(tx, realmId);
    await this.refuseActivityFields(tx, realmId, wanted);
    const present = new Map((await this.fields.list(tx, realmId)).map((field) => [field.name, field]));
    const changed: FieldRow[] = wanted
      .map(({ name, type, label }) => ({ name, type, label: label ?? present.get(name)?.label ?? name, sweep: present.get(name)?.sweep ?? null }))
      .filter(({ name, type, label, sweep }) => present.get(name)?.type !== type || present.get(name)?.label !== label || sweep === 'remove');
    if (changed.length === 0) return [];
    const busy = changed.find(({ sweep }) => sweep !== null);
    if (busy !== undefined) throw profilesErrors.failure('field-busy', `The values of ${busy.name} are being removed or converted.`, { retryAfter: 1 });
    if (new Set([...present.keys(), ...changed.map(({ name }) => name)]).size > mostFields) {
      throw profilesErrors.failure('invalid-field', `A project may have at most ${mostFields} custom fields.`);
    }
    const misshapen = await this.misshapen(tx, realmId, wanted, changed.filter(({ name, type }) => present.get(name)?.type !== type));
    const rows = changed.map((field) => ({ ...field, sweep: misshapen.has(field.name) ? ('convert' as const) : null }));
    await this.fields.put(tx, realmId, rows, actor.id);
    await this.outbox.append(tx, context, event(profiles.fieldsDeclared, { realmId, names: rows.map(({ name }) => name) }));
    await auditTrail.append(tx, context, ...rows.map((row) => auditOf(realmId, actor, present.get(row.name), row)));
    return rows;
  }

  private async refuseActivityFields(tx: Transaction, realmId: string, wanted: readonly Wanted[]): Promise<void> {
    const kept = new Set((await this.activityEvents.list(tx, realmId)).flatMap(({ event: marked }) => profiles.activityFieldsOf(marked)));
    const details = wanted.flatMap(({ name }, place): FailureDetail[] => (kept.has(name) ? [{ path: `fields[${place}].name`, message: 'is kept of an event that the project marked' }] : []));
    if (details.length > 0) throw profilesErrors.failure('invalid-field', mistakesSentence(details, 'The fields'), { details });
  }

  /**
   * @returns names of the fields that have values of another form
   * @throws Failure `field-conflict`
   */
  private async misshapen(tx: Transaction, realmId: string, wanted: readonly Wanted[], retyped: readonly FieldRow[]): Promise<Set<string>> {
    const stored = await this.fields.storedValues(tx, realmId, retyped);
    const conflicts = stored.filter(({ unreadable }) => unreadable > 0);
    if (conflicts.length === 0) return new Set(stored.filter(({ misshapen }) => misshapen > 0).map(({ name }) => name));
    const details = conflicts.map(({ name, unreadable }): FailureDetail => {
      const place = wanted.findIndex((field) => field.name === name);
      return { path: `fields[${place}].type`, message: `${name}: ${unlike(unreadable, wanted[place]!.type)}` };
    });
    throw profilesErrors.failure('field-conflict', `Stored values contradict the type. ${details.map(({ message }) => message).join('; ')}.`, { details });
  }
}

function auditOf(projectId: string, actor: Actor, before: FieldRow | undefined, after: FieldRow): NewAuditEntry {
  const target = { type: 'field', id: after.name };
  if (before === undefined) return { actor, action: 'field.declared', target, projectId, after: ['type', 'label'] };
  const changed = (['type', 'label'] as const).filter((fact) => before[fact] !== after[fact]);
  return { actor, action: 'field.changed', target, projectId, before: changed, after: changed };
}

/** Without those that are on their way out. */
export function declaredFields(fields: readonly FieldRow[]): profiles.ProfileField[] {
  return fields.filter(({ sweep }) => sweep !== 'remove').map(({ name, type, label }) => ({ name, type, label }));
}

function checkNames(fields: readonly Wanted[]): void {
  const details: FailureDetail[] = [];
  fields.forEach(({ name, label }, place) => {
    const path = `fields[${place}].name`;
    if (reservedAttributeNames.has(name)) details.push({ path, message: 'is the name of a standard field' });
    if (fields.findIndex((other) => other.name === name) < place) details.push({ path, message: 'is named twice' });
    if (!isStorable(label ?? '')) details.push(unstorableDetail(`fields[${place}].label`));
  });
  if (details.length > 0) throw profilesErrors.failure('invalid-field', mistakesSentence(details, 'The fields'), { details });
}

function unlike(values: number, type: profiles.FieldType): string {
  const [one, several] = kinds[type];
  return values === 1 ? `1 stored value is no ${one}` : `${values} stored values are no ${several}`;
}
