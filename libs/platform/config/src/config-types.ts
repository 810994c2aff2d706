import { z } from 'zod';

/** The kinds of variables there are. Messages complete the sentence "PORT is wrong: it …". */

export function wholeNumber(range: { min: number; max: number }) {
  const message = `must be a whole number from ${range.min} to ${range.max}`;
  return z.string({ error: message }).regex(/^\d+$/, message).transform(Number).refine((value) => value >= range.min && value <= range.max, message);
}

/** A TCP port; 0 lets the system choose a free one. */
export function port() {
  return wholeNumber({ min: 0, max: 65_535 });
}

export function flag() {
  return z.enum(['true', 'false'], { error: 'must be true or false' }).transform((value) => value === 'true');
}

const unitSeconds = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** A time span such as `30s`, `10m`, `12h`, `14d`; parsed to seconds. */
export function duration() {
  const message = 'must be a time span such as 30s, 10m, 12h or 14d';
  return z
    .string({ error: message })
    .regex(/^0*[1-9]\d{0,5}[smhd]$/, message)
    .transform((value) => Number(value.slice(0, -1)) * unitSeconds[value.at(-1) as keyof typeof unitSeconds]);
}

export function httpUrl() {
  return url(['http:', 'https:'], 'an http:// or https:// address');
}

export function postgresUrl() {
  const message = 'must have a `connect_timeout` of 1 to 60 seconds, where it has one';
  const isRight = (seconds: string | null) => seconds === null || /^([1-9]|[1-5]\d|60)$/.test(seconds);
  return url(['postgres:', 'postgresql:'], 'a postgres:// address').refine((value) => !URL.canParse(value) || isRight(new URL(value).searchParams.get('connect_timeout')), message);
}

/** An address with one of the given protocols. */
export function url(protocols: readonly string[], what: string) {
  const message = `must be ${what}`;
  return z.string({ error: message }).refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), message);
}

/** One address or several, separated by commas: those of a cluster. */
export function natsUrls() {
  const message = 'must be nats:// or tls:// addresses, separated by commas, all of one user';
  return z.string({ error: message }).refine((value) => isNatsUrls(value.split(',')), message);
}

function isNatsUrls(addresses: readonly string[]): boolean {
  if (!addresses.every((address) => URL.canParse(address) && ['nats:', 'tls:'].includes(new URL(address).protocol))) return false;
  return new Set(addresses.map((address) => new URL(address)).map(({ protocol, username, password }) => `${protocol} ${username} ${password}`)).size === 1;
}

/** Scheme, host and port of an address: `https://login.example.com`. */
export function httpOrigin() {
  const message = 'must be an http:// or https:// address without path';
  return z.string().refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) && [new URL(value).origin, `${new URL(value).origin}/`].includes(value), message).transform((value) => new URL(value).origin);
}

/** Values separated by commas; absent: none. */
export function list<T extends z.ZodType<unknown, string>>(item: T) {
  return z
    .string()
    .default('')
    .transform((value) => value.split(',').map((part) => part.trim()).filter((part) => part !== ''))
    .pipe(z.array(item));
}
