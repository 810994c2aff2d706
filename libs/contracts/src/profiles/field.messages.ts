import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, realmId } from '../values.js';

/**
 * What the values of a custom field are: `text` a string, `number` and `boolean` those of JSON, `date` a string with a
 * date or a time of ISO 8601 (`2022-04-10`, `2022-04-10T23:28:43.060Z`), which is kept as it was given,
 * `user` a string with the id of a user.
 */
export const fieldType = z.enum(['text', 'date', 'number', 'boolean', 'user']);
export type FieldType = z.output<typeof fieldType>;

/** Letters, digits, `_`, `-` and `.`; the key of the attribute that holds the field's value. */
export const fieldName = z.string().regex(/^(?!__proto__$)[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,63}$/u);

/** A declared attribute: its type holds for every write, whoever makes it. */
export const profileField = z.object({ name: z.string(), type: fieldType, label: z.string() });
export type ProfileField = z.output<typeof profileField>;

/** A project has no more fields than a user may have attributes. */
export const mostFields = 1_000;

/** The realm's fields, in the order of their declaration. */
export const listFields = defineMessage({
  subject: 'profiles.field.list',
  request: z.object({ realmId }),
  response: z.object({ fields: z.array(profileField) }),
});

/**
 * Declares fields, all or none. One that is there gets the label and the type; without a label it keeps its own. Stored
 * values that the type can be read from take its form; `field-conflict` says how many can't be read so.
 */
export const declareFields = defineMessage({
  subject: 'profiles.field.declare',
  request: z.object({
    realmId,
    /** No name twice. */
    fields: z.array(z.object({ name: fieldName, type: fieldType, label: z.string().max(256).optional() })).min(1).max(mostFields),
    actor,
  }),
  /** All fields of the realm. */
  response: z.object({ fields: z.array(profileField) }),
  errors: ['invalid-field', 'field-conflict', 'field-busy'],
  deadlineMs: 60_000,
});

/** Removes a field and its values. When it is answered, no user has a value of it. Cut short, it goes on when asked again, or by itself. */
export const removeField = defineMessage({
  subject: 'profiles.field.remove',
  request: z.object({ realmId, name: z.string().max(128), actor }),
  /** The fields that are left. */
  response: z.object({ fields: z.array(profileField) }),
  errors: ['field-not-found', 'field-busy'],
  deadlineMs: 60_000,
});
