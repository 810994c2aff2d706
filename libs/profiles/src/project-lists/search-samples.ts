import { Injectable } from '@nestjs/common';
import { Database, sql } from '#libs/platform/database';
import { Logger } from '#libs/platform/logging';
import { searchText } from '../directory/directory-lists.js';
import { SearchSample } from './search-sample.js';

/** `fewestUsers`: in a smaller realm no trigram has a long list. */
export const sampling = { fewestUsers: 5_000, goodForMs: 10 * 60_000 };
/** Of how many realms one is kept, some 30 kB each. */
const mostRealms = 200;

/** `$1`: the realm, `$2`: `fewestUsers`. Twenty users at each of fifty places, evenly spread over the order in which they came. */
const takeSample = sql(
  'search_samples.take',
  `SELECT counted.users, (SELECT reltuples FROM pg_class WHERE oid = 'directory'::regclass)::float8 AS all,
     ARRAY(SELECT ${searchText}
       FROM (SELECT min(seq) AS first, max(seq) AS last FROM users WHERE realm_id = $1) AS ends, generate_series(0, 49) AS place
         JOIN LATERAL (SELECT u.user_id FROM users u WHERE u.realm_id = $1 AND u.seq >= ends.first + (ends.last - ends.first) * place / 50 ORDER BY u.seq LIMIT 20) AS near ON counted.users >= $2::integer
         JOIN LATERAL (SELECT * FROM directory WHERE directory.realm_id = $1 AND directory.user_id = near.user_id OFFSET 0) AS d ON true
       WHERE NOT d.hidden) AS texts
   FROM (SELECT coalesce(sum(total), 0)::float8 AS users FROM user_counts WHERE realm_id = $1) AS counted`,
);

interface Row {
  users: number;
  /** Rows of all realms, as far as the planner knows; -1: it does not yet. */
  all: number;
  texts: string[];
}

interface Taken {
  sample: SearchSample | undefined;
  /** Milliseconds since the epoch. */
  at: number;
}

/** Samples of the realms that are searched. They decide how a search is answered, never what: none is waited for, and an old one serves until there is a new one. */
@Injectable()
export class SearchSamples {
  private readonly taken = new Map<string, Taken>();

  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  /** @returns undefined for a small realm, and until one was taken */
  of(realmId: string): SearchSample | undefined {
    const known = this.taken.get(realmId);
    if (known === undefined || known.at + sampling.goodForMs <= Date.now()) {
      this.keep(realmId, known?.sample);
      this.take(realmId).then(
        (sample) => this.keep(realmId, sample),
        (err: unknown) => this.logger.debug({ err }, 'no sample of a searched realm could be taken'),
      );
    }
    return known?.sample;
  }

  private keep(realmId: string, sample: SearchSample | undefined): void {
    this.taken.delete(realmId);
    this.taken.set(realmId, { sample, at: Date.now() });
    for (const oldest of this.taken.keys()) {
      if (this.taken.size <= mostRealms) return;
      this.taken.delete(oldest);
    }
  }

  private async take(realmId: string): Promise<SearchSample | undefined> {
    const [row] = await this.database.query<Row>(takeSample, [realmId, sampling.fewestUsers]);
    const { users, all, texts } = row!;
    return texts.length === 0 ? undefined : new SearchSample(texts, all < users ? 1 : users / all);
  }
}
