import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { ListReads, sql, type ListSource, type Queryable, type Statement } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { howManyFit } from '../users/answer-size.js';
import { UserPagesRepository } from '../users/user-pages.repository.js';
import { hasIndex } from './list-sql.js';
import { isFiltered, ProjectListsRepository, type UserPlace } from './project-lists.repository.js';
import { SearchesRepository } from './searches.repository.js';

type Request = RequestOf<typeof profiles.listProjectUsers>;

/** A filter without an index looks at every user of the project: as many as it can in this time. */
const mostMs = 4_000;
/** How much longer than that all of them may take. */
const limitStepMs = 200;
const limitTime = sql('project_lists.limit_time', `SELECT set_config('statement_timeout', $1, true)`);

/** A page of a project's users, its own and the staff, and how many there are. */
@Injectable()
export class ListProjectUsers {
  constructor(
    private readonly reads: ListReads,
    private readonly lists: ProjectListsRepository,
    private readonly pages: UserPagesRepository,
    private readonly searches: SearchesRepository,
  ) {}

  async list(request: Request): Promise<ResponseOf<typeof profiles.listProjectUsers>> {
    if (request.offset > profiles.farthestOffset) {
      throw profiles.profilesErrors.failure('page-too-far', `A page may begin ${profiles.farthestOffset} users from the first at the most. To go on, sort by id and filter for ids greater than the last one.`);
    }
    return this.reads.run((from) => this.listFrom(from, request));
  }

  async count(request: RequestOf<typeof profiles.countProjectUsers>): Promise<number> {
    return this.reads.run((from) => inTime(from, (tx) => this.lists.count(tx, request)));
  }

  private async listFrom(from: ListSource, request: Request): Promise<ResponseOf<typeof profiles.listProjectUsers>> {
    const found = await this.searches.page(from, request, request);
    if (found !== undefined) {
      refuseLargeSort(request, found.count);
      return { ...found, users: found.users.slice(0, howManyFit(found.users)) };
    }
    return inTime(from, async (tx) => {
      if (!isFiltered(request.where)) refuseLargeSort(request, await this.lists.count(tx, request));
      const { count, page } = await this.lists.page(tx, request, request);
      refuseLargeSort(request, count);
      const users = await this.read(tx, page);
      return { count, page, users: users.slice(0, howManyFit(users)) };
    });
  }

  /** In the order of the page. */
  private async read(on: Queryable, page: readonly UserPlace[]): Promise<profiles.Profile[]> {
    const byId = new Map<string, profiles.Profile>();
    for (const realmId of new Set(page.map((place) => place.realmId))) {
      const userIds = page.filter((place) => place.realmId === realmId).map(({ userId }) => userId);
      for (const user of await this.pages.byIds(on, realmId, userIds)) byId.set(user.userId, user);
    }
    return page.flatMap(({ userId }) => byId.get(userId) ?? []);
  }
}

/** @throws Failure `list-too-slow` */
async function inTime<T>(from: ListSource, work: (tx: Queryable) => Promise<T>): Promise<T> {
  try {
    // What is on the page is what was counted, whoever comes or goes in between.
    return await from.withSnapshot((tx) => work(within(tx, mostMs)), mostMs);
  } catch (error) {
    if ((error as { code?: string }).code !== '57014') throw error;
    throw profiles.profilesErrors.failure('list-too-slow', 'The project has too many users for this question to be answered at once: ask for a user name, search for more of a name or an email, or make a segment of attributes.');
  }
}

/** @throws Failure `sort-too-large` */
function refuseLargeSort({ sort }: Request, count: number): void {
  if (hasIndex(sort.field) || count <= profiles.mostSortedWithoutIndex) return;
  throw profiles.profilesErrors.failure('sort-too-large', `Sorting by this field takes ${profiles.mostSortedWithoutIndex} users at the most: filter first, or sort by another one.`);
}

/** Statements that are all over about so many milliseconds from now; the last one has a moment in any case. */
function within(tx: Queryable, ms: number): Queryable {
  const until = performance.now() + ms;
  let allowed = ms;
  const limit = async () => {
    const left = Math.max(100, Math.ceil(until - performance.now()));
    // Where the earlier ones took next to nothing, what the transaction began with is still right.
    if (allowed - left < limitStepMs) return;
    allowed = left;
    await tx.query(limitTime, [String(left)]);
  };
  return {
    async query<Row>(statement: Statement | string, parameters?: readonly unknown[]) {
      await limit();
      return tx.query<Row>(statement, parameters);
    },
    async execute(statement, parameters) {
      await limit();
      return tx.execute(statement, parameters);
    },
  };
}
