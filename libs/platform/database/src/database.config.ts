import { defineConfig, postgresUrl, wholeNumber } from '#libs/platform/config';

export const databaseConfig = defineConfig('database', {
  DATABASE_URL: postgresUrl()
    .optional()
    .describe('The PostgreSQL server (15 or newer); each service uses a database of its own there, `<name>_identity` and so on. `?connect_timeout=` in it: seconds that a connection may take, 3 unless said. Default in the all-in-one: an embedded one'),
  DATABASE_READ_URL: postgresUrl()
    .optional()
    .describe('A streaming replica of the server of `DATABASE_URL`, one and not several behind one address. Lists are read there while it has everything that was committed, else from `DATABASE_URL`. Default: none'),
  DATABASE_CONCURRENCY: wholeNumber({ min: 1, max: 200 })
    .optional()
    .describe('Statements and transactions that each process of a service has Postgres do at a time; one that takes longer than 250 ms is not counted. Those of all processes together should be as many as Postgres has processors, or few more. Default: as many as this machine has, at least 2; all in one twice as many'),
  DATABASE_POOL_SIZE: wholeNumber({ min: 2, max: 200 }).default(10).describe('Connections that each service keeps to its database'),
});
