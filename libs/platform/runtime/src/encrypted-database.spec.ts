import { chmod, chown, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Database, databaseConfig, DatabaseModule, startEmbeddedPostgres } from '#libs/platform/database';
import { Readiness } from '#libs/platform/telemetry';
import { eventually, onCleanUp, selfSignedCertificate, testApp, testCertificate, testFolder } from '#libs/platform/testing';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
let folder: string;
let server: { url: string };

/** Has the server speak TLS, with a certificate for its address from an authority of ours, and take nothing else any more. */
async function encrypt(url: string, dataDir: string): Promise<void> {
  const { uid, gid } = await stat(dataDir);
  for (const [name, text] of Object.entries({ 'server.crt': testCertificate.certificate, 'server.key': testCertificate.key, 'pg_hba.conf': 'hostssl all all 127.0.0.1/32 scram-sha-256\n' })) {
    const file = join(dataDir, name);
    await writeFile(file, text);
    await chown(file, uid, gid);
    await chmod(file, 0o600);
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('ALTER SYSTEM SET ssl = on');
  await client.query('SELECT pg_reload_conf()');
  await client.end();
}

async function fileOf(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

async function service(parameters: Record<string, string>): Promise<Database> {
  const url = new URL(server.url);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const app = await testApp({ imports: [DatabaseModule.forService({ service: 'spec', entities: [], migrations: [] })], configs: [databaseConfig], environment: { DATABASE_URL: url.toString() } });
  await app.get(Readiness).whenStarted();
  return app.get(Database, { strict: false });
}

describe('a service whose address of Postgres asks for TLS', () => {
  beforeAll(async () => {
    folder = await testFolder('encrypted');
    const postgres = await startEmbeddedPostgres({ dataDir: folder, log: silent });
    onCleanUp(() => postgres.stop());
    server = postgres;
  });

  it('does not start where there is none', async () => {
    await expect(service({ sslmode: 'verify-full' })).rejects.toThrow(/^DATABASE_URL asks for an encrypted connection that PostgreSQL does not give: The server does not support SSL/);
  });

  describe('where there is', () => {
    let trusted: string;
    beforeAll(async () => {
      await encrypt(server.url, join(folder, 'postgres'));
      trusted = await fileOf('authority.pem', testCertificate.authority);
    });

    it('encrypts every connection, with a server whose authority the address names', async () => {
      const database = await service({ sslmode: 'verify-full', sslrootcert: trusted });
      const encrypted = () => database.query<{ ssl: boolean }>('SELECT s.ssl FROM pg_stat_ssl s JOIN pg_stat_activity USING (pid) WHERE pid = pg_backend_pid()');
      expect((await Promise.all([1, 2, 3].map(encrypted))).flat()).toEqual([{ ssl: true }, { ssl: true }, { ssl: true }]);
    });

    it('finds Postgres out of reach when its certificate is trusted no longer, and is back when it is', async () => {
      const database = await service({ sslmode: 'verify-full', sslrootcert: trusted });
      const admin = new pg.Client({ connectionString: server.url, ssl: { ca: testCertificate.authority } });
      await admin.connect();
      const use = async ({ certificate, key }: { certificate: string; key: string }) => {
        await writeFile(join(folder, 'postgres', 'server.crt'), certificate);
        await writeFile(join(folder, 'postgres', 'server.key'), key);
        await admin.query('SELECT pg_reload_conf()');
        // Only a new connection sees it.
        await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = $1', ['client backend']);
      };
      await use(selfSignedCertificate);
      const refused = { value: { code: 'service-unavailable' }, cause: { message: expect.stringContaining('certificate') } };
      await eventually(() => expect(database.query('SELECT 1')).rejects.toMatchObject(refused));
      await use(testCertificate);
      await eventually(() => database.query('SELECT 1'));
      await admin.end();
    });

    it.each([
      ['no authority of the machine', async () => ({ sslmode: 'verify-full' }), /^DATABASE_URL asks for an encrypted connection that PostgreSQL does not give: .*certificate/],
      ['another authority', async () => ({ sslmode: 'verify-full', sslrootcert: await fileOf('other.pem', selfSignedCertificate.certificate) }), /^DATABASE_URL asks for an encrypted connection that PostgreSQL does not give: .*certificate/],
      ['a file that is not there', async () => ({ sslmode: 'verify-full', sslrootcert: join(folder, 'missing.pem') }), /^DATABASE_URL names a file that can't be read: ENOENT/],
      ['no encryption', async () => ({ sslmode: 'disable' }), /^DATABASE_URL is refused by PostgreSQL: .*no encryption/],
    ])('does not start with %s, and says so in a sentence', async (_, parameters, sentence) => {
      await expect(service(await parameters())).rejects.toThrow(sentence);
    });
  });
});
