import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { connectTimeoutMs, createDataSource } from './data-source.js';

describe('a connection to Postgres', () => {
  it('may take three seconds, or what the address says', () => {
    expect(connectTimeoutMs('postgres://localhost/rollcall')).toBe(3_000);
    expect(connectTimeoutMs('postgres://localhost/rollcall?sslmode=require&connect_timeout=12')).toBe(12_000);
  });

  it('is given up after that time where nobody says anything', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `postgres://somebody@127.0.0.1:${(server.address() as AddressInfo).port}/rollcall?connect_timeout=1`;
    const log = { debug: () => undefined } as never;
    const source = createDataSource({ service: 'walls', entities: [], migrations: [] }, { DATABASE_URL: url, DATABASE_READ_URL: undefined, DATABASE_POOL_SIZE: 2 }, log);
    try {
      expect((source.options as { connectTimeoutMS?: number }).connectTimeoutMS).toBe(1_000);
      await expect(source.initialize()).rejects.toThrow('connection timeout');
    } finally {
      server.close();
    }
  });
});
