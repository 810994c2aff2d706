import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Database, GroupCommit, nextTurn, type Outcome } from '#libs/platform/database';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { withShownUids } from './shown-uids.js';
import { toProfile } from './user-record.js';
import { UsersRepository } from './users.repository.js';

type Wanted = RequestOf<typeof profiles.getUser>;

/** Of one statement. */
const usersAtOnce = 100;

/** Reads one user. Those that are asked for together, or while others are read, share a statement: a round trip costs more than a user. */
@Injectable()
export class GetUser {
  private readonly reads: GroupCommit<Wanted, profiles.Profile>;

  constructor(database: Database, users: UsersRepository) {
    this.reads = new GroupCommit(
      async (wanted) => {
        const found = await users.getSeveral(database, wanted);
        const read = await withShownUids(database, [...found.values()].map(({ user, directory }) => toProfile(user, directory)));
        const at = new Map([...found.keys()].map((place, index) => [place, read[index]!]));
        return wanted.map((_, place): Outcome<profiles.Profile> => {
          const user = at.get(place);
          return user === undefined ? { failure: profiles.profilesErrors.failure('user-not-found', 'There is no such user.') } : { answer: user };
        });
      },
      { items: usersAtOnce, gather: nextTurn },
    );
  }

  /** @throws Failure `user-not-found`, or `service-unavailable` */
  execute(wanted: Wanted, { deadlineAt }: Pick<CallContext, 'deadlineAt'>): Promise<profiles.Profile> {
    return this.reads.submit(wanted, deadlineAt);
  }
}
