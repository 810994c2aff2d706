/** A rule as the builder shows it: conditions that all hold, or of which one does. What it can't show is edited as JSON. */
export interface RuleModel {
  match: 'all' | 'any';
  conditions: Condition[];
}

export type Condition =
  | { kind: 'field'; field: string; operator: FieldOperator; value: string }
  | { kind: 'event'; event: string; operator: CountOperator; count: number; days: number | null };

export type FieldOperator = 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte' | 'in' | 'nin' | 'exists' | 'missing' | 'starts';
export type CountOperator = 'gte' | 'lte' | 'eq';

export const fieldOperators: readonly { value: FieldOperator; label: string }[] = [
  { value: 'eq', label: 'is' },
  { value: 'ne', label: 'is not' },
  { value: 'in', label: 'is one of' },
  { value: 'nin', label: 'is none of' },
  { value: 'starts', label: 'begins with' },
  { value: 'gt', label: 'is above' },
  { value: 'gte', label: 'is at least' },
  { value: 'lt', label: 'is below' },
  { value: 'lte', label: 'is at most' },
  { value: 'exists', label: 'is there' },
  { value: 'missing', label: 'is missing' },
];
export const countOperators: readonly { value: CountOperator; label: string }[] = [
  { value: 'gte', label: 'at least' },
  { value: 'lte', label: 'at most' },
  { value: 'eq', label: 'exactly' },
];
export const standardFields: readonly { value: string; label: string }[] = [
  { value: 'email', label: 'Email' },
  { value: 'name', label: 'Name' },
  { value: 'first_name', label: 'First name' },
  { value: 'last_name', label: 'Last name' },
  { value: 'phone', label: 'Phone' },
  { value: 'city', label: 'City' },
  { value: 'country', label: 'Country' },
  { value: 'region', label: 'Region' },
  { value: 'timezone', label: 'Time zone' },
  { value: 'created_at', label: 'Created' },
  { value: 'first_seen_at', label: 'First seen' },
  { value: 'last_seen_at', label: 'Last seen' },
  { value: 'is_account', label: 'Is an account' },
];

type Json = Record<string, unknown>;

export const needsNoValue = (operator: FieldOperator) => operator === 'exists' || operator === 'missing';

/** Whether everything is said; the API decides whether it makes sense. */
export function isComplete({ conditions }: RuleModel): boolean {
  return conditions.length > 0 && conditions.every((one) => (one.kind === 'event' ? one.event.trim() !== '' : one.field !== 'attributes.' && one.field !== '' && (needsNoValue(one.operator) || one.value.trim() !== '')));
}

export function toRule({ match, conditions }: RuleModel): Json {
  const rules = conditions.map(conditionRule);
  return rules.length === 1 ? (rules[0] ?? {}) : { [match === 'all' ? '$and' : '$or']: rules };
}

function conditionRule(condition: Condition): Json {
  if (condition.kind === 'event') {
    const { event, operator, count, days } = condition;
    return { events: { $count: { event: event.trim(), ...(days === null ? {} : { within_days: days }) }, [`$${operator}`]: count } };
  }
  const { field, operator, value } = condition;
  switch (operator) {
    case 'exists':
      return { [field]: { $exists: true } };
    case 'missing':
      return { [field]: { $exists: false } };
    case 'starts':
      return { [field]: { $regex: `^${value.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')}` } };
    case 'in':
    case 'nin':
      return { [field]: { [`$${operator}`]: value.split(',').map((one) => scalarOf(field, one.trim())) } };
    default:
      return { [field]: { [`$${operator}`]: scalarOf(field, value.trim()) } };
  }
}

const quoted = /^".*"$/;
const number = /^-?\d+(\.\d+)?$/;

/** Of an attribute, what reads as a number or as true and false is one; in quotes it is text. */
function scalarOf(field: string, text: string): string | number | boolean {
  if (field === 'is_account') return text === 'true' || text === 'yes';
  if (!field.startsWith('attributes.')) return text;
  if (quoted.test(text)) return text.slice(1, -1);
  if (text === 'true' || text === 'false') return text === 'true';
  return number.test(text) ? Number(text) : text;
}

/** @returns undefined for a rule that the builder can't show */
export function fromRule(rule: unknown): RuleModel | undefined {
  if (!isObject(rule)) return undefined;
  const [key, ...more] = Object.keys(rule);
  if (key === undefined) return undefined;
  const isGroup = more.length === 0 && (key === '$and' || key === '$or');
  const parts: unknown[] = isGroup ? (rule[key] as unknown[]) : [rule];
  if (!Array.isArray(parts)) return undefined;
  if (!parts.every((part) => isObject(part) && Object.keys(part).length > 0)) return undefined;
  const given = parts.flatMap((part) => Object.entries(part as Json).map(([name, value]) => ({ name, value: isObject(value) ? value : { $eq: value } })));
  const conditions = given.map(({ name, value }) => readCondition(name, value));
  // Several keys of one part all have to hold, which is another rule where one of the parts is enough.
  if (key === '$or' && parts.some((part) => isObject(part) && Object.keys(part).length > 1)) return undefined;
  if (!conditions.every((one) => one !== undefined)) return undefined;
  // Rows that would be saved as another rule than they were read from don't show it.
  const isSaid = conditions.every((one, place) => isSameRule(conditionRule(one), { [given[place]?.name ?? '']: given[place]?.value }));
  return isSaid ? { match: key === '$or' ? 'any' : 'all', conditions } : undefined;
}

/** Whether they say the same in the same words: the order of keys says nothing, and the database keeps its own. */
export function isSameRule(one: unknown, other: unknown): boolean {
  const sorted = (_: string, value: unknown) => (isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value);
  return JSON.stringify(one, sorted) === JSON.stringify(other, sorted);
}

function readCondition(field: string, value: Json): Condition | undefined {
  if (field.startsWith('$')) return undefined;
  if (field === 'events') return readEvents(value);
  const [operator, ...more] = Object.keys(value);
  if (operator === undefined || more.length > 0) return undefined;
  const operand = value[operator];
  const plain = operator.slice(1);
  if (operator === '$exists') return { kind: 'field', field, operator: operand === true ? 'exists' : 'missing', value: '' };
  if (operator === '$regex') return typeof operand === 'string' && operand.startsWith('^') ? { kind: 'field', field, operator: 'starts', value: operand.slice(1).replace(/\\(.)/g, '$1') } : undefined;
  if (plain === 'in' || plain === 'nin') return Array.isArray(operand) && operand.every(isPlain) ? { kind: 'field', field, operator: plain, value: operand.map((one) => textOf(field, one)).join(', ') } : undefined;
  if (!fieldOperators.some((one) => one.value === plain) || !isPlain(operand)) return undefined;
  return { kind: 'field', field, operator: plain as FieldOperator, value: textOf(field, operand) };
}

function readEvents(given: Json): Condition | undefined {
  if (!isObject(given['$count'])) return undefined;
  const { event, within_days: days = null, ...unknown } = given['$count'];
  const [operator, ...more] = Object.keys(given).filter((key) => key !== '$count');
  const plain = operator?.slice(1);
  const count = operator === undefined ? undefined : given[operator];
  if (typeof event !== 'string' || more.length > 0 || Object.keys(unknown).length > 0 || typeof count !== 'number') return undefined;
  if (plain !== 'gte' && plain !== 'lte' && plain !== 'eq') return undefined;
  return { kind: 'event', event, operator: plain, count, days: typeof days === 'number' ? days : null };
}

/** Text of an attribute that would be read as something else stands in quotes; other fields are read as they stand. */
function textOf(field: string, value: string | number | boolean): string {
  const isMistakable = field.startsWith('attributes.') && typeof value === 'string' && (number.test(value) || quoted.test(value) || value === 'true' || value === 'false' || value !== value.trim());
  return isMistakable ? `"${value}"` : String(value);
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
/** A field of one line would take a line break away. */
const isPlain = (value: unknown): value is string | number | boolean => ['string', 'number', 'boolean'].includes(typeof value) && !/[\r\n]/.test(String(value));
