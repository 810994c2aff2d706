import type { Scalar } from '#libs/contracts';
import type { Json } from './plain-rules.js';

export const texts = ['', 'a', 'ab', 'B', 'é', 'z', 'Zoë', '\u{1f600}', 'ﬀ', '36', '%_', '\''] as const;
export const values: readonly Scalar[] = [...texts, 0, 1, -1, 36, 0.1, 1.5, 1e21, 5e-324, Number.MAX_SAFE_INTEGER, true, false, '2026-01-01', 'true'];
export const times = ['2020-02-29T00:00:00.000Z', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.001Z', '0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'] as const;

const textFields = ['id', 'name', 'first_name', 'last_name', 'email', 'phone', 'city', 'country', 'region', 'timezone'];
const order = ['$gt', '$gte', '$lt', '$lte'];
const attributes = ['attributes.a', 'attributes.b', 'attributes.__proto__', 'attributes.é\'$1', 'attributes.none'];
/** Object with its own key, whatever the key: `{ ['__proto__']: … }` in a literal has one too. */
const object = (entries: [string, Json][]): Json => Object.fromEntries(entries);

/** Rules made by chance, the same ones on every run. */
export class RandomRules {
  constructor(private state: number) {}

  below(limit: number): number {
    // mulberry32
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit);
  }

  chance(share: number): boolean {
    return this.below(1_000) < share * 1_000;
  }

  oneOf<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }

  /** One that is accepted. */
  rule(depth: number): Json {
    return object([...Array(1 + this.below(2)).keys()].map((): [string, Json] => this.entry(depth)));
  }

  /** JSON that looks like a rule here and there. */
  nonsense(depth: number): Json {
    const kind = this.below(depth <= 0 ? 2 : 6);
    if (kind === 0) return this.oneOf<Json>([null, true, '', '^a', '^', '$eq', 7, -1, 1e300, '\0', '\ud800', '2026-13-45', [], {}]);
    if (kind === 1) return this.oneOf<Json>([...values, ...times]);
    if (kind === 2) return [...Array(this.below(3)).keys()].map(() => this.nonsense(depth - 1));
    if (kind === 3) return this.rule(depth - 1);
    const key = () => this.oneOf([...textFields, ...attributes, ...order, 'created_at', 'is_account', 'events', '$and', '$or', '$not', '$in', '$nin', '$eq', '$exists', '$regex', '$count', 'event', 'within_days', '__proto__', '']);
    return object([...Array(1 + this.below(2)).keys()].map((): [string, Json] => [key(), this.nonsense(depth - 1)]));
  }

  private entry(depth: number): [string, Json] {
    const kind = this.below(depth <= 0 ? 5 : 8);
    if (kind === 5) return [this.oneOf(['$and', '$or']), [...Array(1 + this.below(3)).keys()].map(() => this.rule(depth - 1))];
    if (kind === 6) return ['$not', this.rule(depth - 1)];
    if (kind === 0) return [this.oneOf(textFields), this.condition(() => this.oneOf(texts), true)];
    if (kind === 1) return [this.oneOf(['created_at', 'first_seen_at', 'last_seen_at']), this.condition(() => this.oneOf(times), false)];
    if (kind === 2) return ['is_account', this.condition(() => this.chance(0.5), false)];
    if (kind === 3) {
      const count = { event: this.oneOf(['Paid', 'x', 'never']), ...(this.chance(0.5) ? { within_days: this.oneOf([1, 7, 30]) } : {}) };
      return ['events', { $count: count, [this.oneOf([...order, '$eq', '$ne'])]: this.below(4), ...(this.chance(0.3) ? { [this.oneOf(['$in', '$nin'])]: [0, this.below(4)] } : {}) }];
    }
    return [this.oneOf(attributes), this.condition(() => this.oneOf(values), true)];
  }

  private condition(value: () => Scalar, mayHavePrefix: boolean): Json {
    if (this.chance(0.2)) return this.chance(0.2) ? null : value();
    return object([...Array(1 + this.below(2)).keys()].map((): [string, Json] => this.operator(value, mayHavePrefix)));
  }

  private operator(value: () => Scalar, mayHavePrefix: boolean): [string, Json] {
    const orNull = (): Json => (this.chance(0.2) ? null : value());
    switch (this.below(6)) {
      case 0: return [this.oneOf(['$eq', '$ne']), orNull()];
      case 1: return [this.oneOf(['$in', '$nin']), [...Array(1 + this.below(3)).keys()].map(orNull)];
      case 2: return ['$exists', this.chance(0.5)];
      case 3: return mayHavePrefix ? ['$regex', `^${this.oneOf(['a', 'é', 'Z', '3', '%'])}`] : ['$not', { $eq: orNull() }];
      case 4: return ['$not', this.chance(0.5) ? { $in: [orNull()] } : { [this.oneOf(order)]: value() }];
      default: return [this.oneOf(order), value()];
    }
  }
}
