export type Values = Readonly<Record<string, unknown>>;

/**
 * Path and query of a call.
 * @throws TypeError for a part of the path that is missing, or that no address can hold
 */
export function targetOf(endpoint: string, path: Values, query: Values): string {
  const template = endpoint.slice(endpoint.indexOf(' ') + 1);
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = path[name];
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    if (text === '') throw new TypeError(`${endpoint} needs ${name} in its path.`);
    // An address would be read without it, as another one.
    if (text === '.' || text === '..') throw new TypeError(`${endpoint}: ${name} can't be "${text}".`);
    return encodeURIComponent(text);
  });
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) if (one !== undefined && one !== null) parameters.append(name, String(one));
  }
  const text = parameters.toString();
  return text === '' ? filled : `${filled}?${text}`;
}
