import { profiles } from '#libs/contracts';
import { mistakesSentence, type FailureDetail } from '#libs/platform/errors';
import { containing, searchText } from '../directory/directory-lists.js';
import { readDate } from '../fields/field-values.js';
import { compareText, filterFields, orders, positive, type PositiveOperator } from './filter-columns.js';

/** SQL that is true of the rows `d` of `directory` and `u` of `users` that the conditions are true of: both hold. */
export interface CompiledConditions {
  /** Empty: all of them. */
  ofDirectory: string[];
  ofUsers: string[];
}

export type Put = (value: unknown, type: string) => string;

const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * @param put makes a parameter of a value: nothing that a caller sent stands in the text
 * @param roles SQL of the roles in the project
 * @throws Failure `invalid-filter` with every place: `filter[createdAt][gt]`
 */
export function compileConditions(where: profiles.UserConditions, roles: string, put: Put): CompiledConditions {
  const details: FailureDetail[] = [];
  const compiled: CompiledConditions = { ofDirectory: [], ofUsers: [] };
  const parts = compiled.ofDirectory;
  // The index finds the name in any case; it is to be exactly this one.
  if (where.userName !== undefined) {
    const name = put(where.userName, 'text');
    parts.push(`lower(d.user_name) = lower(${name})`, `d.user_name = ${name}`);
  }
  if (where.search !== undefined && where.search !== '') parts.push(`${searchText} LIKE lower(${put(containing(where.search), 'text')})`);
  if (where.role !== undefined) parts.push(holdsAll(roles, [where.role], put));
  // What both rows have is looked for where something else is.
  const either = where.filters.some((filter) => 'attribute' in filter || filterFields[filter.field].of === 'u') ? 'u' : 'd';
  for (const filter of where.filters) {
    const { operator, negated } = positive(filter.operator);
    try {
      const row = 'attribute' in filter ? 'u' : rowOf(filter.field, either);
      const text = 'attribute' in filter ? compareAttribute(filter.attribute, operator, filter.value, put) : compareField(filter.field, row, operator, filter.value, roles, put);
      (row === 'u' ? compiled.ofUsers : parts).push(negated ? `NOT coalesce(${text}, false)` : text);
    } catch (error) {
      if (!(error instanceof BadFilter)) throw error;
      const name = 'attribute' in filter ? `attributes.${filter.attribute}` : filter.field;
      details.push({ path: `filter[${name}][${filter.operator}]`, message: error.message });
    }
  }
  if (details.length > 0) throw profiles.profilesErrors.failure('invalid-filter', mistakesSentence(details, 'The filters'), { details });
  return compiled;
}

function rowOf(field: profiles.UserFilterField, either: 'd' | 'u'): 'd' | 'u' {
  const { of } = filterFields[field];
  return of === 'either' ? either : of;
}

/** What is wrong with a filter, as the rest of a sentence about it. */
class BadFilter extends Error {}

/** SQL of a filter that says what is, and not what is not, about row `d` or `u`. @throws BadFilter */
export function compareField(field: profiles.UserFilterField, row: 'd' | 'u', operator: PositiveOperator, value: string, roles: string, put: Put): string {
  const { kind } = filterFields[field];
  const column = `${row}.${filterFields[field].column}`;
  switch (kind) {
    case 'text':
      return compareText(column, operator, value, put);
    case 'id':
      return isTextual(operator) ? compareText(`${column}::text`, operator, value.toLowerCase(), put) : compareValue(column, 'uuid', operator, value, toId, put);
    case 'time':
      return compareValue(column, 'timestamptz', operator, value, toTime, put);
    case 'boolean':
      if (operator in orders) throw new BadFilter('has no order');
      return compareValue(column, 'boolean', operator, value, toBoolean, put);
    case 'roles':
      return compareRoles(roles, operator, value, put);
  }
}

function isTextual(operator: PositiveOperator): operator is 'contains' | 'starts' | 'ends' {
  return operator === 'contains' || operator === 'starts' || operator === 'ends';
}

function compareValue(column: string, type: string, operator: PositiveOperator, value: string, read: (text: string) => string, put: Put): string {
  if (isTextual(operator)) throw new BadFilter('is no text: compare it with eq, neq, any, nany, all, gt, gte, lt or lte');
  if (operator === 'eq') return `${column} = ${put(read(value), type)}`;
  if (operator === 'any' || operator === 'all') return `${column} = ${operator.toUpperCase()} (${put(value.split(',').map(read), `${type}[]`)})`;
  return `${column} ${orders[operator]} ${put(read(value), type)}`;
}

function toId(text: string): string {
  if (!uuid.test(text)) throw new BadFilter('must be an id');
  return text;
}

function toBoolean(text: string): string {
  if (text !== 'true' && text !== 'false') throw new BadFilter('must be true or false');
  return text;
}

function toTime(text: string): string {
  const read = readDate(text);
  if (read === undefined) throw new BadFilter('must be a day or a time with its zone in ISO 8601, as in 2022-04-10 or 2022-04-10T23:28:43.060Z');
  return read;
}

/** The roles of a row that has none are in no index: `roles <> '{}'` is what the index is about. */
export function holdsAll(roles: string, wanted: string[], put: Put): string {
  return `${roles} @> ${put(wanted, 'text[]')} AND ${roles} <> '{}'`;
}

function compareRoles(roles: string, operator: PositiveOperator, value: string, put: Put): string {
  switch (operator) {
    case 'eq':
      return holdsAll(roles, [value], put);
    case 'all':
      return holdsAll(roles, value.split(','), put);
    case 'any':
      return `${roles} && ${put(value.split(','), 'text[]')} AND ${roles} <> '{}'`;
    case 'contains':
    case 'starts':
    case 'ends':
      return `EXISTS (SELECT FROM unnest(${roles}) AS role WHERE ${compareText('role', operator, value, put)})`;
    default:
      throw new BadFilter('has no order');
  }
}

/** Text operators are about texts, an order about values of one type, numbers where the value reads as one; equality is about what the value looks like, `3` or `true`. */
function compareAttribute(name: string, operator: PositiveOperator, value: string, put: Put): string {
  const key = put(name, 'text');
  const stored = `(u.attributes -> ${key})`;
  const text = `(u.attributes ->> ${key})`;
  const equal = (one: string) => `CASE jsonb_typeof(${stored}) WHEN 'number' THEN ${isNumber(one) ? `${stored} = ${put(one, 'jsonb')}` : 'false'} ELSE ${text} = ${put(one, 'text')} END`;
  switch (operator) {
    case 'eq':
      return equal(value);
    case 'any':
      return `(${value.split(',').map(equal).join(' OR ')})`;
    case 'all':
      return `(${value.split(',').map(equal).join(' AND ')})`;
    case 'contains':
    case 'starts':
    case 'ends':
      return `(CASE WHEN jsonb_typeof(${stored}) = 'string' THEN ${compareText(text, operator, value, put)} ELSE false END)`;
    default:
      return isNumber(value)
        ? `(CASE WHEN jsonb_typeof(${stored}) = 'number' THEN ${stored} ${orders[operator]} ${put(value, 'jsonb')} ELSE false END)`
        : `(CASE WHEN jsonb_typeof(${stored}) = 'string' THEN ${compareText(text, operator, value, put)} ELSE false END)`;
  }
}

/** As JSON writes numbers, since Postgres reads it as such. */
export function isNumber(text: string): boolean {
  return /^-?(0|[1-9]\d{0,30})(\.\d{1,30})?([eE][+-]?\d{1,2})?$/.test(text);
}
