import type { Scalar } from '#libs/contracts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A user as rules see them. */
export interface RuleUser {
  standard: Record<string, string | boolean | null>;
  attributes: Map<string, Scalar>;
  events: { event: string; days: number }[];
}

const isObject = (value: Json | undefined): value is { [key: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value);
const timeFields = new Set(['created_at', 'first_seen_at', 'last_seen_at']);

/** What a rule says of a user, told apart from how we parse and compile rules: straight from the guide. */
export function fits(rule: Json, user: RuleUser): boolean {
  return Object.entries(rule as { [key: string]: Json }).every(([key, value]) => {
    if (key === '$and') return (value as Json[]).every((one) => fits(one, user));
    if (key === '$or') return (value as Json[]).some((one) => fits(one, user));
    if (key === '$not') return !fits(value, user);
    if (key === 'events') return fitsCount(value as { [key: string]: Json }, user);
    const isTime = timeFields.has(key);
    const own = key.startsWith('attributes.') ? user.attributes.get(key.slice('attributes.'.length)) : valueOf(user, key);
    return holds(isTime ? toTime(own) : own, value, isTime);
  });
}

function valueOf({ standard }: RuleUser, key: string): Scalar | undefined {
  const whole = [standard['first_name'], standard['last_name']].filter((part) => part !== null && part !== '').join(' ');
  return standard[key] ?? (key === 'name' && whole !== '' ? whole : undefined);
}

function fitsCount({ $count: count, ...comparisons }: { [key: string]: Json }, user: RuleUser): boolean {
  const { event, within_days: days } = count as { event: string; within_days?: number };
  return holds(user.events.filter((one) => one.event === event && (days === undefined || one.days < days)).length, comparisons, false);
}

function holds(own: Scalar | undefined, given: Json, isTime: boolean): boolean {
  if (!isObject(given)) return equals(own, isTime ? toTime(given) : given);
  return Object.entries(given).every(([operator, value]) => {
    const wanted = isTime && operator !== '$not' && operator !== '$exists' ? (Array.isArray(value) ? value.map(toTime) : toTime(value)) : value;
    switch (operator) {
      case '$eq': return equals(own, wanted);
      case '$ne': return !equals(own, wanted);
      case '$in': return (wanted as Json[]).some((one) => equals(own, one));
      case '$nin': return !(wanted as Json[]).some((one) => equals(own, one));
      case '$exists': return (own !== undefined) === wanted;
      case '$regex': return typeof own === 'string' && own.startsWith((wanted as string).slice(1));
      case '$not': return !holds(own, wanted, isTime);
      case '$gt': return ordered(own, wanted, (order) => order > 0);
      case '$gte': return ordered(own, wanted, (order) => order >= 0);
      case '$lt': return ordered(own, wanted, (order) => order < 0);
      case '$lte': return ordered(own, wanted, (order) => order <= 0);
      default: throw new Error(`no operator ${operator}`);
    }
  });
}

function equals(own: Scalar | undefined, wanted: Json | undefined): boolean {
  return wanted === null || wanted === undefined ? own === undefined : own === wanted;
}

function ordered(own: Scalar | undefined, wanted: Json | undefined, is: (order: number) => boolean): boolean {
  if (own === undefined || typeof own !== typeof wanted) return false;
  return is(typeof own === 'string' ? Buffer.compare(Buffer.from(own), Buffer.from(wanted as string)) : Number(own) - Number(wanted));
}

/** Milliseconds; null and what is absent stay what they are. */
function toTime<T extends Json | undefined>(value: T): number | T {
  return typeof value === 'string' ? Date.parse(value) : value;
}
