import type { DataSource } from 'typeorm';
import { StartupError } from '#libs/platform/errors';

/**
 * Search splits texts into letters by the locale of the database. Under `C`, and under Postgres' built-in `C.UTF-8`, it
 * knows none outside ASCII, and would find nobody called Öz, silently.
 *
 * @throws StartupError
 */
export async function checkLocale(dataSource: DataSource): Promise<void> {
  const [found] = await dataSource.query<{ knowsLetters: boolean; encoding: string; name: string }[]>(`
    SELECT current_setting('server_encoding') AS encoding, current_database() AS name,
           current_setting('server_encoding') = 'UTF8' AND cardinality(show_trgm('Öäü')) > 0 AND lower('ÖÄÜ') = 'öäü' AS "knowsLetters"`);
  if (found!.knowsLetters) return;
  const wrong = found!.encoding === 'UTF8' ? 'has a locale that knows no letters outside ASCII' : `has the encoding ${found!.encoding}`;
  throw new StartupError(
    `The database ${found!.name} ${wrong}, so that search could not find everybody: create it anew with a UTF-8 locale of the C library or ICU, such as CREATE DATABASE ${found!.name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'en_US.UTF-8'.`,
  );
}
