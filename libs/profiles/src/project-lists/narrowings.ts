import type { profiles } from '#libs/contracts';
import { containing, searchText } from '../directory/directory-lists.js';
import { compareField, holdsAll, isNumber, type Put } from './compile-conditions.js';
import { positive, type PositiveOperator } from './filter-columns.js';

/** By an index, all users of the realm that a condition can be true of, and maybe some that it isn't. */
export interface Narrowing {
  /** These can only be few; of the others one has to look. */
  isFew: boolean;
  /** The condition itself is about `directory`, and finds the index without help when it is asked of nothing else. */
  isOwnIndex: boolean;
  /** A query for `user_id`. @param realm SQL of the realm's id */
  query: (realm: string, put: Put) => string;
}

/** What the conditions offer; they are valid (`compileConditions` did not throw). */
export function narrowingsOf(where: profiles.UserConditions): Narrowing[] {
  const { userName, search, role } = where;
  return [
    ...(userName === undefined ? [] : [byUserNames([userName])]),
    ...(search !== undefined && hasTrigram(search) ? [{ ...bySearch(search), isFew: true }] : []),
    ...(role === undefined ? [] : [fromDirectory((put) => holdsAll('d.roles', [role], put))]),
    ...where.filters.flatMap((filter) => {
      const { operator, negated } = positive(filter.operator);
      // Whom something is not true of, no index knows.
      if (negated) return [];
      return ('attribute' in filter ? byAttribute(filter.attribute, operator, filter.value) : byField(filter.field, operator, filter.value)) ?? [];
    }),
  ];
}

function byField(field: profiles.UserFilterField, operator: PositiveOperator, value: string): Narrowing | undefined {
  const values = operator === 'eq' ? [value] : operator === 'any' ? value.split(',') : undefined;
  switch (field) {
    case 'id':
      return values && { isFew: true, isOwnIndex: true, query: (realm, put) => `SELECT u.user_id FROM users u WHERE u.realm_id = ${realm} AND u.user_id = ANY (${put(values, 'uuid[]')})` };
    case 'email':
      return values ? byEmails(values) : byPart(operator, value);
    case 'userName':
      return values ? byUserNames(values) : byPart(operator, value);
    case 'firstName':
      return values ? byKeys('d.first_name_key', values) : byPart(operator, value);
    case 'lastName':
      return values ? byKeys('d.last_name_key', values) : byPart(operator, value);
    case 'phone':
      return values ? byKeys('d.phone_key', values) : byBeginning(operator, value);
    case 'createdAt':
    case 'isActive':
    case 'roles':
      return fromDirectory((put) => compareField(field, 'd', operator, value, 'd.roles', put));
    default:
      return undefined;
  }
}

function fromDirectory(condition: (put: Put) => string, isOwnIndex = true): Narrowing {
  return { isFew: false, isOwnIndex, query: (realm, put) => `SELECT d.user_id FROM directory d WHERE d.realm_id = ${realm} AND NOT d.hidden AND ${condition(put)}` };
}

/** As an array, since a subquery here would be taken for a join, for which the planner has no numbers. */
const each = (what: string, texts: string) => `ANY (ARRAY(SELECT ${what} FROM unnest(${texts}) AS asked))`;

function byUserNames(names: string[]): Narrowing {
  return { isFew: true, isOwnIndex: false, query: (realm, put) => `SELECT d.user_id FROM directory d WHERE d.realm_id = ${realm} AND lower(d.user_name) = ${each('lower(asked)', put(names, 'text[]'))}` };
}

function byEmails(emails: string[]): Narrowing {
  return { isFew: true, isOwnIndex: false, query: (realm, put) => `SELECT u.user_id FROM users u WHERE u.realm_id = ${realm} AND lower(u.email) = ${each('lower(asked)', put(emails, 'text[]'))} AND u.hidden_by IS NULL` };
}

/** Who is equal has an equal sort key. */
function byKeys(key: string, values: string[]): Narrowing {
  return fromDirectory((put) => `${key} = ${each('user_sort_key(asked)', put(values, 'text[]'))}`, false);
}

/** Of numbers only: what folding does to other characters may depend on the next one. */
function byBeginning(operator: PositiveOperator, value: string): Narrowing | undefined {
  if (operator !== 'starts' || !/^[-+()./ \d]+$/.test(value)) return undefined;
  return fromDirectory((put) => {
    const key = `user_sort_key(${put(value, 'text')})`;
    return `d.phone_key >= ${key} AND d.phone_key < ${key} || chr(1114111)`;
  }, false);
}

/** The search looks in these fields too, in any case. Letters outside ASCII may have another lower case in the middle of a text. */
function byPart(operator: PositiveOperator, value: string): Narrowing | undefined {
  const isPart = operator === 'contains' || operator === 'starts' || operator === 'ends';
  return isPart && hasTrigram(value) && /^[ -~]*$/.test(value) ? { ...bySearch(value), isOwnIndex: false } : undefined;
}

function bySearch(text: string): Narrowing {
  return fromDirectory((put) => `${searchText} LIKE lower(${put(containing(text), 'text')})`);
}

export function hasTrigram(text: string): boolean {
  return /[\p{L}\p{N}]{3}/u.test(text);
}

/** Who has the attribute, or, where it is compared with values, one of these. As the migration makes entries. */
function byAttribute(name: string, operator: PositiveOperator, value: string): Narrowing {
  const values = operator === 'eq' ? [value] : operator === 'any' || operator === 'all' ? value.split(',') : undefined;
  return {
    isFew: false,
    isOwnIndex: false,
    query: (realm, put) => {
      const entry = (kind: string, text: string) => `hashtextextended('${kind}' || ${realm}::text || E'\\n' || ${put(name, 'text')} || E'\\n' || ${text}, 0)`;
      const entries = values === undefined ? [entry('k', `''`)] : values.flatMap((one) => [entry('t', put(one, 'text')), ...(isNumber(one) ? [entry('n', `trim_scale(${put(one, 'numeric')})::text`)] : [])]);
      return `SELECT e.user_id FROM attribute_entries e WHERE e.realm_id = ${realm} AND e.entries && ARRAY[${entries.join(', ')}]`;
    },
  };
}
