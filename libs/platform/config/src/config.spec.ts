import { describe, expect, it } from '@jest/globals';
import { StartupError } from '#libs/platform/errors';
import { defineConfig, readConfig } from './config.js';
import { duration, flag, httpUrl, port, postgresUrl, wholeNumber } from './config-types.js';

const server = defineConfig('server', { PORT: port().default(3_000), PUBLIC_URL: httpUrl().optional() });
const store = defineConfig('store', { DATABASE_URL: postgresUrl(), POOL: wholeNumber({ min: 1, max: 10 }).default(5), TTL: duration().default(600), FAST: flag().default(false) });

const values = (environment: Record<string, string>) => {
  const { values: read } = readConfig([server, store], environment);
  return { ...read.get(server.token), ...read.get(store.token) };
};

describe('reading the configuration', () => {
  it('parses every variable and fills in defaults', () => {
    expect(values({ DATABASE_URL: 'postgres://localhost/x', PORT: '0', TTL: '2h', FAST: 'true' })).toEqual({ PORT: 0, DATABASE_URL: 'postgres://localhost/x', POOL: 5, TTL: 7_200, FAST: true });
  });

  it('counts an empty variable as absent', () => {
    expect(values({ DATABASE_URL: 'postgres://localhost/x', PORT: '' })['PORT' as never]).toBe(3_000);
  });

  it('names every wrong variable in one sentence that says what each must be', () => {
    const read = () => values({ PORT: '70000', POOL: 'many', TTL: '10 minutes', FAST: 'yes', PUBLIC_URL: 'ftp://x', DATABASE_URL: 'mysql://x' });
    expect(read).toThrow(StartupError);
    expect(read).toThrow(
      'PORT is wrong: it must be a whole number from 0 to 65535; PUBLIC_URL is wrong: it must be an http:// or https:// address; ' +
        'DATABASE_URL is wrong: it must be a postgres:// address; POOL is wrong: it must be a whole number from 1 to 10; ' +
        'TTL is wrong: it must be a time span such as 30s, 10m, 12h or 14d; FAST is wrong: it must be true or false.',
    );
  });

  it('says that a required variable is not set', () => {
    expect(() => values({})).toThrow('DATABASE_URL is not set: it must be a postgres:// address.');
  });

  it.each(['0', '61', '1.5', 'soon', ''])('refuses a database’s address whose `connect_timeout` is %p', (seconds) => {
    expect(() => values({ DATABASE_URL: `postgres://localhost/x?connect_timeout=${seconds}` })).toThrow('DATABASE_URL is wrong: it must have a `connect_timeout` of 1 to 60 seconds, where it has one.');
    expect(values({ DATABASE_URL: 'postgres://localhost/x?connect_timeout=60' })['DATABASE_URL' as never]).toMatch(/60$/);
  });

  it('warns of odd combinations, and only where the values are right', () => {
    const odd = defineConfig('odd', { PORT: port().default(1) }, ({ PORT }) => (PORT === 1 ? [{ message: 'PORT is 1', explain: 'Nobody means that.' }] : []));
    expect(readConfig([odd], {}).warnings).toEqual([{ message: 'PORT is 1', explain: 'Nobody means that.' }]);
    expect(readConfig([odd], { PORT: '2' }).warnings).toEqual([]);
  });
});
