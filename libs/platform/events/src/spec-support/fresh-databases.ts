import pg from 'pg';
import { serviceDatabaseUrl } from '#libs/platform/database';
import { testDatabaseUrl } from '#libs/platform/testing';

/** A pair of databases for a world, used again by the next one: making them takes longer than a test. */
export class FreshDatabases {
  private url: string | undefined;

  /** A `DATABASE_URL` whose worlds are empty. */
  async next(): Promise<string> {
    if (this.url === undefined) this.url = await testDatabaseUrl();
    else for (const service of ['maker', 'taker']) await empty(serviceDatabaseUrl(this.url, service));
    return this.url;
  }
}

async function empty(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('TRUNCATE outbox, inbox, dead_letters; DROP TABLE IF EXISTS notes; UPDATE relay_state SET store_created = NULL, republish_after = 0, republish_through = 0');
  await client.end();
}
