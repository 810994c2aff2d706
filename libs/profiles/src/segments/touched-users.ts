import { Injectable } from '@nestjs/common';
import { Database, GroupCommit, nextTurn, type Outcome } from '#libs/platform/database';
import { MembersRepository } from './members.repository.js';
import { parseStoredRule } from './parse-rule.js';
import { isTouched, type ChangedFacts } from './rule.js';
import { SegmentsRepository } from './segments.repository.js';

/** Users of a realm who changed alike. */
interface Touch {
  realmId: string;
  userIds: readonly string[];
  changed: ChangedFacts;
}

/** Users of one transaction. */
const usersAtOnce = 500;

/**
 * Decides which segments users are in after they changed. What arrives while a transaction is under way goes together in
 * the next: one statement for all of a project's users and segments. Segments whose rules don't ask for what changed are
 * not looked at; mostly that is all of them, and then nothing is written or locked.
 */
@Injectable()
export class TouchedUsers {
  private readonly commits = new GroupCommit<Touch, void>((touches) => this.decideAll(touches), { gather: nextTurn });

  constructor(
    private readonly database: Database,
    private readonly segments: SegmentsRepository,
    private readonly members: MembersRepository,
  ) {}

  /** @throws Failure `service-unavailable` */
  async decide(realmId: string, userIds: readonly string[], changed: ChangedFacts): Promise<void> {
    for (let place = 0; place < userIds.length; place += usersAtOnce) await this.commits.submit({ realmId, userIds: userIds.slice(place, place + usersAtOnce), changed });
  }

  private async decideAll(touches: readonly Touch[]): Promise<Outcome<void>[]> {
    for (const realmId of new Set(touches.map((touch) => touch.realmId))) await this.decideInRealm(realmId, touches.filter((touch) => touch.realmId === realmId));
    return touches.map(() => ({ answer: undefined }));
  }

  private async decideInRealm(realmId: string, touches: readonly Touch[]): Promise<void> {
    const asked = ({ rule }: { rule: unknown }) => {
      const parsed = parseStoredRule(rule);
      return touches.some(({ changed }) => isTouched(parsed, changed));
    };
    // A rule that is being changed at this moment has everybody looked at when it has been.
    const touched = (await this.segments.rules(this.database, realmId)).filter(asked).map(({ segmentId }) => segmentId);
    if (touched.length === 0) return;
    const userIds = [...new Set(touches.flatMap((touch) => touch.userIds))];
    for (let place = 0; place < userIds.length; place += usersAtOnce) {
      const some = userIds.slice(place, place + usersAtOnce);
      await this.database.withTransaction(async (tx) => {
        const segments = await this.segments.keep(tx, realmId, touched);
        if (segments.length === 0) return;
        await this.members.lockUsers(tx, realmId, some);
        await this.members.evaluate(tx, realmId, segments.map(({ segmentId, rule }) => ({ segmentId, rule: parseStoredRule(rule) })), some);
      });
    }
  }
}
