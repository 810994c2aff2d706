import { dateText, type profiles, type Scalar } from '#libs/contracts';

const day = String.raw`(?!0000)(?:\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))|(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)`;
const time = String.raw`(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)`;

/**
 * Texts that a date can be read from: a day of the calendar, or a time with its zone, in ISO 8601. One pattern for
 * JavaScript and for Postgres, so that a write and a look at what is stored never disagree.
 */
export const datePattern = `^${day}(?:[T ]${time})?$`;

/** Texts that a number can be read from. Postgres is asked besides whether it stays the same number. */
export const numberPattern = String.raw`^-?(?:0|[1-9]\d{0,30})(?:\.\d{1,30})?(?:[eE][+-]?\d{1,2})?$`;

/** Texts that can be the id of a user; whether there is one is not asked. */
export const userIdPattern = '^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';

const isUserId = new RegExp(userIdPattern);
const isDate = new RegExp(datePattern);

const expected: Record<profiles.FieldType, string> = {
  text: 'must be a string',
  date: 'must be a date or a time with its zone in ISO 8601, as in 2022-04-10 or 2022-04-10T23:28:43.060Z',
  number: 'must be a number',
  boolean: 'must be true or false',
  user: 'must be the id of a user',
};

/** A text of `datePattern` as our columns keep times: in UTC, with milliseconds. @returns undefined where no date can be read from it */
export function readDate(text: string): string | undefined {
  return isDate.test(text) ? dateText.safeParse(text).data : undefined;
}

/** @returns what is wrong with the value; undefined: it is of the type */
export function mistakeOf(type: profiles.FieldType, value: Scalar): string | undefined {
  return isOf(type, value) ? undefined : expected[type];
}

function isOf(type: profiles.FieldType, value: Scalar): boolean {
  switch (type) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'date':
      return typeof value === 'string' && isDate.test(value);
    case 'user':
      return typeof value === 'string' && isUserId.test(value);
  }
}
