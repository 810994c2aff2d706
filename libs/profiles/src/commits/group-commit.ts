import { isFailure, platformErrors, type Failure } from '#libs/platform/errors';

/** What came of one item of a group: items of one group fail and succeed by themselves. */
export type Outcome<Answer> = { readonly answer: Answer } | { readonly failure: Failure };

interface Waiting<Item, Answer> {
  item: Item;
  /** Milliseconds since the epoch after which nobody waits any more. */
  deadlineAt: number;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

export interface GroupLimits {
  /** Items of one transaction. */
  items: number;
  /** Items that may wait; one more is refused. */
  waiting: number;
}

const usualLimits: GroupLimits = { items: 250, waiting: 10_000 };

/**
 * Writes what arrives together in one transaction: what is submitted while a commit is under way waits for it to end, and
 * then goes as one group. No timer delays anything: an item that finds nobody at work is written at once. Each caller is
 * answered after the commit of its item, and items are written in the order in which they were submitted.
 *
 * A group that fails as a whole is halved and tried again, down to the item that is at fault.
 */
export class GroupCommit<Item, Answer> {
  private waiting: Waiting<Item, Answer>[] = [];
  private writing = false;

  /**
   * @param commit writes a group in one transaction; answers one outcome per item, in order. Throws when the group as a
   * whole could not be written, in which case nothing of it was.
   */
  constructor(
    private readonly commit: (group: readonly Item[]) => Promise<Outcome<Answer>[]>,
    private readonly limits: GroupLimits = usualLimits,
  ) {}

  submit(item: Item, deadlineAt = Infinity): Promise<Answer> {
    if (this.waiting.length >= this.limits.waiting) {
      return Promise.reject(platformErrors.failure('service-unavailable', 'Too many writes are waiting already.', { retryAfter: 1 }));
    }
    const answered = new Promise<Answer>((resolve, reject) => this.waiting.push({ item, deadlineAt, resolve, reject }));
    if (!this.writing) void this.writeAll();
    return answered;
  }

  private async writeAll(): Promise<void> {
    this.writing = true;
    while (this.waiting.length > 0) await this.write(this.waiting.splice(0, this.limits.items));
    this.writing = false;
  }

  /** Never throws: whatever happens is told to those who wait. */
  private async write(arrived: Waiting<Item, Answer>[]): Promise<void> {
    const group = dropLate(arrived);
    if (group.length === 0) return;
    let outcomes: Outcome<Answer>[];
    try {
      outcomes = await this.commit(group.map(({ item }) => item));
    } catch (error) {
      // A database out of reach is nobody's fault: asking it again for each half would only hold everybody up.
      if (group.length === 1 || isFailure(error, 'service-unavailable')) {
        for (const { reject } of group) reject(error);
        return;
      }
      const half = group.length >> 1;
      await this.write(group.slice(0, half));
      await this.write(group.slice(half));
      return;
    }
    group.forEach(({ resolve, reject }, place) => {
      const outcome = outcomes[place];
      if (outcome === undefined) reject(new Error('a group commit left an item without an outcome'));
      else if ('failure' in outcome) reject(outcome.failure);
      else resolve(outcome.answer);
    });
  }
}

/** Work that nobody waits for any more would only make the others late too. */
function dropLate<Item, Answer>(group: Waiting<Item, Answer>[]): Waiting<Item, Answer>[] {
  const now = Date.now();
  return group.filter(({ deadlineAt, reject }) => {
    if (deadlineAt > now) return true;
    reject(platformErrors.failure('service-unavailable', 'The write waited too long and was not made.', { retryAfter: 1 }));
    return false;
  });
}
