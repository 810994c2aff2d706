import { isStorable, profiles, type Scalar } from '#libs/contracts';
import { mistakesSentence, type FailureDetail } from '#libs/platform/errors';
import { jsonBytes, storableTime, unstorableDetail } from '../database/storable.js';
import { readDate } from '../fields/field-values.js';
import { readPrefix } from './prefix-pattern.js';
import { standardFields, type Comparison, type Rule, type StandardField, type Subject } from './rule.js';

const mostBytes = 32 * 1024;
const mostDepth = 10;
const mostConditions = 100;
const mostValues = 1_000;
const mostDays = 3_660;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isScalar = (value: unknown): value is Scalar => typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));

/**
 * Reads a rule as a caller wrote it.
 * @throws Failure `invalid-segment`; details name every place: `rule.$or[1].attributes.age.$gt`
 */
export function parseRule(given: unknown): Rule {
  return parse(given, readDate);
}

/** Reads a rule that a segment has. Some are from a time when days that do not exist were moved: they go on to mean what they did, and hold up nobody. */
export function parseStoredRule(stored: unknown): Rule {
  return parse(stored, (text) => readDate(text) ?? storableTime(text));
}

type ReadTime = (text: string) => string | undefined;

function parse(given: unknown, readTime: ReadTime): Rule {
  if (jsonBytes(given ?? null) > mostBytes) throw invalidRule([{ path: 'rule', message: `may take at most ${mostBytes} bytes as JSON` }]);
  const parser = new RuleParser(readTime);
  const rule = parser.rule(given, 'rule', 1);
  if (parser.mistakes.length > 0) throw invalidRule(parser.mistakes);
  return rule;
}

function invalidRule(details: FailureDetail[]) {
  return profiles.profilesErrors.failure('invalid-segment', mistakesSentence(details, 'The rule'), { details });
}

/** Stands where a mistake was found, so that the others are found too. */
const nothing: Rule = { kind: 'or', of: [] };

class RuleParser {
  readonly mistakes: FailureDetail[] = [];
  private conditions = 0;

  constructor(private readonly readTime: ReadTime) {}

  rule(given: unknown, path: string, depth: number): Rule {
    if (!isObject(given)) return this.mistake(path, 'must be an object of conditions');
    const entries = Object.entries(given);
    if (entries.length === 0) return this.mistake(path, 'must have a condition');
    if (depth > mostDepth) return this.mistake(path, `must not be deeper than ${mostDepth} levels`);
    return all(entries.map(([key, value]) => this.entry(key, value, `${path}.${key}`, depth)));
  }

  private entry(key: string, value: unknown, path: string, depth: number): Rule {
    if (key === '$and' || key === '$or') {
      if (!Array.isArray(value) || value.length === 0) return this.mistake(path, 'must be an array of rules, with one at least');
      return { kind: key === '$and' ? 'and' : 'or', of: value.map((one, place) => this.rule(one, `${path}[${place}]`, depth + 1)) };
    }
    if (key === '$not') return { kind: 'not', of: this.rule(value, path, depth + 1) };
    if (key.startsWith('$')) return this.mistake(path, 'is not an operator that combines rules: use $and, $or or $not');
    if (key === 'events') return this.events(value, path);
    const subject = this.subject(key, path);
    return subject === undefined ? nothing : this.condition(subject, value, path, depth);
  }

  private subject(key: string, path: string): Subject | undefined {
    if (!isStorable(key)) this.mistakes.push(unstorableDetail(path));
    else if (key.startsWith('attributes.') && key.length > 'attributes.'.length) return { kind: 'attribute', key: key.slice('attributes.'.length) };
    else if (Object.hasOwn(standardFields, key)) return { kind: 'standard', name: key as StandardField };
    else this.mistake(path, `is not a field: use attributes.…, events, or one of ${Object.keys(standardFields).join(', ')}`);
    return undefined;
  }

  private condition(subject: Subject, given: unknown, path: string, depth: number): Rule {
    if (!isObject(given)) return this.compare(subject, '$eq', given, path);
    const entries = Object.entries(given);
    if (entries.length === 0) return this.mistake(path, 'must have an operator');
    if (depth > mostDepth) return this.mistake(path, `must not be deeper than ${mostDepth} levels`);
    return all(
      entries.map(([operator, value]) => {
        const place = `${path}.${operator}`;
        if (operator !== '$not') return this.compare(subject, operator, value, place);
        return isObject(value) ? { kind: 'not', of: this.condition(subject, value, place, depth + 1) } : this.mistake(place, 'must be an object of operators');
      }),
    );
  }

  private compare(subject: Subject, operator: string, given: unknown, path: string): Rule {
    this.conditions += 1;
    if (this.conditions === mostConditions + 1) this.mistake(path, `is one condition more than the ${mostConditions} that a rule may have`);
    const comparison = (one: Comparison): Rule => ({ kind: 'compare', subject, comparison: one });
    const not = (of: Rule): Rule => ({ kind: 'not', of });
    switch (operator) {
      case '$eq':
      case '$ne': {
        const value = this.value(subject, given, path, true);
        if (value === undefined) return nothing;
        return operator === '$eq' ? comparison({ kind: 'eq', value }) : not(comparison({ kind: 'eq', value }));
      }
      case '$gt':
      case '$gte':
      case '$lt':
      case '$lte': {
        const value = this.value(subject, given, path, false);
        return value === undefined ? nothing : comparison({ kind: operator.slice(1) as 'gt' | 'gte' | 'lt' | 'lte', value });
      }
      case '$in':
      case '$nin': {
        if (!Array.isArray(given) || given.length === 0 || given.length > mostValues) return this.mistake(path, `must be an array of 1 to ${mostValues} values`);
        const values = given.map((one, place) => this.value(subject, one, `${path}[${place}]`, true));
        if (!values.every((value) => value !== undefined)) return nothing;
        return operator === '$in' ? comparison({ kind: 'in', values }) : not(comparison({ kind: 'in', values }));
      }
      case '$exists': {
        if (subject.kind === 'events') break;
        if (typeof given !== 'boolean') return this.mistake(path, 'must be true or false');
        return given ? comparison({ kind: 'exists' }) : not(comparison({ kind: 'exists' }));
      }
      case '$regex': {
        if (subject.kind === 'events' || (subject.kind === 'standard' && standardFields[subject.name] !== 'text')) break;
        const prefix = typeof given === 'string' ? readPrefix(given) : undefined;
        if (prefix === undefined) return this.mistake(path, 'must be ^ and the text that values begin with; other patterns are not supported, and special characters take a backslash');
        if (isStorable(prefix)) return comparison({ kind: 'prefix', prefix });
        this.mistakes.push(unstorableDetail(path));
        return nothing;
      }
    }
    return this.mistake(path, 'is not an operator that this can be compared by');
  }

  /** A value as the subject's type has it; undefined after a mistake. */
  private value(subject: Subject, given: unknown, path: string, mayBeNull: boolean): Scalar | null | undefined {
    const expect = (message: string): undefined => void this.mistake(path, message);
    if (subject.kind === 'events') return Number.isSafeInteger(given) && (given as number) >= 0 && (given as number) <= 1_000_000 ? (given as number) : expect('must be a whole number from 0 to 1000000');
    if (given === null && mayBeNull) return null;
    if (!isScalar(given)) return expect(mayBeNull ? 'must be a string, a number, a boolean or null' : 'must be a string, a number or a boolean');
    if (typeof given === 'string' && !isStorable(given)) return void this.mistakes.push(unstorableDetail(path));
    if (subject.kind === 'attribute') return given;
    switch (standardFields[subject.name]) {
      case 'text':
        return typeof given === 'string' ? given : expect('must be a string');
      case 'boolean':
        return typeof given === 'boolean' ? given : expect('must be true or false');
      case 'time': {
        const time = typeof given === 'string' ? this.readTime(given) : undefined;
        return time ?? expect('must be a date, or a time with its zone, in ISO 8601');
      }
    }
  }

  /** `{"$count": {"event": "Paid", "within_days": 30}, "$gte": 2}` */
  private events(given: unknown, path: string): Rule {
    if (!isObject(given)) return this.mistake(path, 'must be an object with $count and a comparison');
    const { $count: count, ...comparisons } = given;
    const place = `${path}.$count`;
    if (!isObject(count)) return this.mistake(place, 'must be an object: {"event": "Paid", "within_days": 30}');
    const { event, within_days: days = null, ...others } = count;
    for (const key of Object.keys(others)) this.mistake(`${place}.${key}`, 'is not a known field');
    if (typeof event !== 'string' || event === '' || event.length > 256) return this.mistake(`${place}.event`, 'must be the name of an event');
    if (!isStorable(event)) this.mistakes.push(unstorableDetail(`${place}.event`));
    if (days !== null && !(Number.isSafeInteger(days) && (days as number) >= 1 && (days as number) <= mostDays)) return this.mistake(`${place}.within_days`, `must be a whole number from 1 to ${mostDays}`);
    if (Object.keys(comparisons).length === 0) return this.mistake(path, 'must compare the count: {"$gte": 1}');
    return this.condition({ kind: 'events', event, withinDays: days as number | null }, comparisons, path, 1);
  }

  private mistake(path: string, message: string): Rule {
    this.mistakes.push({ path, message });
    return nothing;
  }
}

function all(rules: Rule[]): Rule {
  return rules.length === 1 ? rules[0]! : { kind: 'and', of: rules };
}
