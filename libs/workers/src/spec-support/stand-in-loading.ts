import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { platformErrors } from '#libs/platform/errors';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';

/** What profiles does with rows of files, in memory. */
@Injectable()
export class StandInLoading {
  /** Ids of those who are there, by their external ids. */
  readonly users = new Map<string, string>();
  readonly erased = new Set<string>();
  /** Ids of events that are stored. */
  readonly events = new Set<string>();
  fields: profiles.ProfileField[] = [];
  /** Batches that were answered, how large each was. */
  readonly batches: number[] = [];
  /** Of the batches to come, so many are written and not answered: as if whoever asked had died. */
  unanswered = 0;
  /** External ids that nobody foresaw. */
  readonly poison = new Set<string>();
  /** Ends what a batch waits for before it is answered. */
  hold: Promise<void> | undefined;

  @Handles(profiles.listFields)
  async list() {
    return { fields: this.fields };
  }

  @Handles(profiles.loadUsers)
  async loadUsers(...[{ users, checkOnly }]: HandlerArguments<typeof profiles.loadUsers>) {
    if (users.some(({ externalId }) => this.poison.has(externalId))) throw platformErrors.failure('internal-error', 'Something went wrong on our side.');
    const results = users.map(({ externalId, newUserId }) => {
      if (this.erased.has(externalId)) return { failure: { code: 'user-erased', message: 'This user was erased.' } };
      const present = this.users.get(externalId);
      if (present === undefined && !checkOnly) this.users.set(externalId, newUserId);
      return { written: present === undefined || present === newUserId ? ('created' as const) : ('updated' as const) };
    });
    return this.answer(results);
  }

  @Handles(profiles.loadEvents)
  async loadEvents(...[{ events, checkOnly }]: HandlerArguments<typeof profiles.loadEvents>) {
    const results = events.map(({ event: { id } }) => {
      const stored = this.events.has(id) ? ('before' as const) : ('now' as const);
      if (!checkOnly) this.events.add(id);
      return { stored };
    });
    return this.answer(results);
  }

  private async answer<R>(results: R[]): Promise<{ results: R[] }> {
    await this.hold;
    if (this.unanswered > 0) {
      this.unanswered -= 1;
      throw platformErrors.failure('service-unavailable', 'profiles did not answer in time.');
    }
    this.batches.push(results.length);
    return { results };
  }
}
