import { execFile } from 'node:child_process';
import { chmod, readFile, rm, writeFile, mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { startEmbeddedPostgres } from '#libs/platform/database';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
/** What a base backup leaves out: it is of the running server, or is made anew. */
const notCopied = ['postmaster.pid', 'postmaster.opts', 'pg_wal', 'pg_replslot', 'pg_stat_tmp'];
const madeAnew = ['pg_wal', 'pg_replslot', 'pg_stat_tmp'];

/** A real streaming replica of a Postgres of this host. */
export class ReplicaPostgres {
  private constructor(private readonly server: { url: string; stop(): Promise<void> }) {}

  /**
   * @param primaryUrl of its superuser
   * @param primaryFolder its data directory
   * @param folder a new one, which others may pass through
   */
  static async start(primaryUrl: string, primaryFolder: string, folder: string): Promise<ReplicaPostgres> {
    const cluster = join(folder, 'postgres');
    await mkdir(cluster, { recursive: true });
    await chmod(folder, 0o711);
    const label = await asked(primaryUrl, async (client) => {
      await client.query(`SELECT pg_backup_start('replica', true)`);
      // A server that works removes files meanwhile: the log that is streamed says so.
      await promisify(execFile)('cp', ['-R', `${await realpath(primaryFolder)}/.`, cluster]).catch(() => undefined);
      return (await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)')).rows[0]!.labelfile;
    });
    for (const name of notCopied) await rm(join(cluster, name), { recursive: true, force: true });
    for (const name of madeAnew) await mkdir(join(cluster, name), { mode: 0o700 });
    const { hostname, port, username, password } = new URL(primaryUrl);
    const settings = await readFile(join(cluster, 'postgresql.auto.conf'), 'utf8');
    await writeFile(join(cluster, 'postgresql.auto.conf'), `${settings}primary_conninfo = 'host=${hostname} port=${port} user=${username} password=${decodeURIComponent(password)}'\nwal_retrieve_retry_interval = 200\n`);
    await writeFile(join(cluster, 'backup_label'), label);
    await writeFile(join(cluster, 'standby.signal'), '');
    return new ReplicaPostgres(await startEmbeddedPostgres({ dataDir: folder, log: silent }));
  }

  /** Of its superuser, who is the primary's. */
  get url(): string {
    return this.server.url;
  }

  /** From now on it hears what is written, and shows nothing of it. */
  async pause(): Promise<void> {
    await asked(this.url, (client) => client.query('SELECT pg_wal_replay_pause()'));
  }

  async resume(): Promise<void> {
    await asked(this.url, (client) => client.query('SELECT pg_wal_replay_resume()'));
  }

  /** Makes a primary of its own of it. */
  async promote(): Promise<void> {
    await asked(this.url, (client) => client.query('SELECT pg_promote()'));
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }
}

async function asked<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
