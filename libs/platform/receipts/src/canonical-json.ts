/**
 * The one text of a JSON value (RFC 8785, JCS): no white space, keys sorted by their UTF-16 code units, numbers and strings as
 * ECMAScript writes them. Equal values are equal bytes, so that they can be hashed and signed.
 * @throws for what is no JSON: `undefined`, numbers that are not finite, half a surrogate pair
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('A number that is not finite has no JSON.');
    return JSON.stringify(value);
  }
  if (typeof value === 'string') {
    if (/[\uD800-\uDFFF]/u.test(value)) throw new TypeError('Half a surrogate pair has no UTF-8.');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object') throw new TypeError(`A value of the type ${typeof value} has no JSON.`);
  const object = value as Readonly<Record<string, unknown>>;
  // The default order of sort is that of UTF-16 code units, which is what RFC 8785 asks for.
  return `{${Object.keys(object).sort().map((key) => `${canonicalJson(key)}:${canonicalJson(object[key])}`).join(',')}}`;
}
