import { profiles } from '#libs/contracts';
import { mistakesSentence, type Failure, type FailureDetail } from '#libs/platform/errors';
import { mistakeOf } from './field-values.js';

/** A declared field as a write meets it. */
export interface FieldRule {
  realmId: string;
  name: string;
  type: profiles.FieldType;
  sweep: 'remove' | 'convert' | null;
}

/** An event that is marked, so that its fields can't be attributes. */
export interface ActivityName {
  realmId: string;
  event: string;
}

/** What a write does to attributes. */
export interface AttributeWrite {
  realmId: string;
  patch: Pick<profiles.ProfilePatch, 'attributes'>;
  /** True: an attribute that is no declared field is a mistake. */
  declaredOnly?: boolean;
}

/** The fields that a group of writes touches, read after the lock that keeps them as they are (see `users.lock`). */
export class FieldRules {
  private readonly rules: ReadonlyMap<string, FieldRule>;

  private readonly activity: ReadonlySet<string>;

  constructor(rules: readonly FieldRule[], activity: readonly ActivityName[]) {
    this.rules = new Map(rules.map((rule) => [keyOf(rule.realmId, rule.name), rule]));
    this.activity = new Set(activity.flatMap(({ realmId, event }) => profiles.activityFieldsOf(event).map((field) => keyOf(realmId, field))));
  }

  /** @returns why the write can't be made: `invalid-profile` with every attribute at fault, or `field-busy` */
  refuse({ realmId, patch: { attributes = {} }, declaredOnly = false }: AttributeWrite): Failure | undefined {
    const details: FailureDetail[] = [];
    const busy: string[] = [];
    for (const [name, value] of Object.entries(attributes)) {
      const rule = this.rules.get(keyOf(realmId, name));
      const path = `attributes.${name}`;
      if (this.activity.has(keyOf(realmId, name))) {
        details.push({ path, message: 'is kept of an event that the project marked and can\'t be an attribute' });
      } else if (rule === undefined || (declaredOnly && rule.sweep === 'remove')) {
        if (declaredOnly) details.push({ path, message: 'is not a declared profile field' });
      } else if (rule.sweep !== null) {
        busy.push(name);
      } else if (value !== null) {
        const mistake = mistakeOf(rule.type, value);
        if (mistake !== undefined) details.push({ path, message: mistake });
      }
    }
    if (details.length > 0) return profiles.profilesErrors.failure('invalid-profile', mistakesSentence(details, 'The profile'), { details });
    if (busy.length === 0) return undefined;
    return profiles.profilesErrors.failure('field-busy', `The values of ${busy.join(', ')} are being removed or converted.`, { retryAfter: 1 });
  }
}

/** Whose fields a group of writes depends on: nobody's, when no attribute is written. */
export function fieldsTouched(writes: readonly AttributeWrite[]): { realmIds: string[]; names: string[] } {
  const realmIds = new Set<string>();
  const names = new Set<string>();
  for (const { realmId, patch } of writes) {
    for (const name of Object.keys(patch.attributes ?? {})) {
      realmIds.add(realmId);
      names.add(name);
    }
  }
  return { realmIds: [...realmIds].sort(), names: [...names] };
}

function keyOf(realmId: string, name: string): string {
  return `${realmId} ${name}`;
}
