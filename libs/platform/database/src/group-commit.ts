import { isFailure, platformErrors, type Failure } from '#libs/platform/errors';
import { currentSpan, tracedTogether, type Span } from '#libs/platform/tracing';

/** What came of one item of a group: items of one group fail and succeed by themselves. */
export type Outcome<Answer> = { readonly answer: Answer } | { readonly failure: Failure };

interface Waiting<Item, Answer> {
  item: Item;
  /** See `GroupRules.lineOf`; undefined without such a rule. */
  line: string | undefined;
  /** Milliseconds since the epoch after which nobody waits any more. */
  deadlineAt: number;
  /** In which trace it came. */
  span: Span | undefined;
  settle: (settled: Settled<Answer>) => void;
}

/** `error`: whatever kept the item, or its whole group, from being written. */
type Settled<Answer> = Outcome<Answer> | { readonly error: unknown };

export interface GroupRules<Item> {
  /** Items of one transaction. */
  items: number;
  /** Items that may wait; one more is refused. */
  waiting: number;
  /** What comes until it resolves goes along with the group; without it an item that finds nobody at work is written at once. */
  gather?: () => Promise<void>;
  /** Items of one key are never in the same group: the later one waits for the next. */
  keyOf?: (item: Item) => string;
  /**
   * With it the next group is begun while the one before waits for its commit, which takes the disk and hardly anybody else, or at once where as many wait as a
   * group may have: then waiting makes no larger one. Items of one line are never in two groups at the same time, so that they are written in their order.
   * A group beside others takes half of those who are there, waiting or being written, if that is more than a few: while it is written, the answers of the other half go
   * out and what their callers send next comes in. Callers who wait for their answers would otherwise all come to be in one group, with nothing else to do while it is written.
   */
  lineOf?: (item: Item) => string;
}

/** Groups that are written at the same time: of small ones one that is at work, and others that wait for their commits. */
const mostAtOnce = 3;
/** Less is not left for another group: a transaction costs more than a few items do. */
const leastOfHalf = 8;
const usual = { items: 250, waiting: 10_000 };

/** Resolves once all that has arrived by now has been looked at: to gather what came at the same time. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * Writes what arrives together in one transaction: what is submitted while a commit is under way waits for it to end, and
 * then goes as one group. Without a rule that says so nothing is delayed: an item that finds nobody at work is written at once. Each
 * caller is answered after the commit of its item, and items (of one key, or of one line) are written in the order in which they were submitted.
 *
 * A group that fails as a whole is halved and tried again, down to the item that is at fault.
 */
export class GroupCommit<Item, Answer> {
  private readonly waiting: Waiting<Item, Answer>[] = [];
  /** Groups at work that have not come to their commit. */
  private working = 0;
  /** Groups that are being written. */
  private open = 0;
  /** Items of these. */
  private underWay = 0;
  /** Lines of their items. */
  private readonly busy = new Set<string>();
  /** All that waited when they were last looked at is of such lines. */
  private allBusy = false;
  private readonly rules: GroupRules<Item>;

  /**
   * @param commit writes a group in one transaction; answers one outcome per item, in order. Throws when the group as a
   * whole could not be written, in which case nothing of it was. It calls `atCommit` when there is nothing left to do but to commit.
   */
  constructor(
    private readonly commit: (group: readonly Item[], atCommit: () => void) => Promise<Outcome<Answer>[]>,
    rules: Partial<GroupRules<Item>> = {},
  ) {
    this.rules = { ...usual, ...rules };
  }

  submit(item: Item, deadlineAt = Infinity): Promise<Answer> {
    if (this.waiting.length >= this.rules.waiting) {
      return Promise.reject(tooMany());
    }
    const answered = new Promise<Answer>((resolve, reject) => {
      const settle = (settled: Settled<Answer>) => {
        if ('answer' in settled) resolve(settled.answer);
        else reject('failure' in settled ? settled.failure : settled.error);
      };
      this.waiting.push({ item, line: this.rules.lineOf?.(item), deadlineAt, span: currentSpan(), settle });
    });
    this.begin();
    return answered;
  }

  /**
   * Submits items that came together, in their order, as if each were submitted by itself: some may fail, and they need not be of one group.
   * @returns one outcome per item, in order, after the last of them was written or refused
   * @throws what is no Failure, when an item was not written because of it
   */
  async submitAll(items: readonly Item[], deadlineAt = Infinity): Promise<Outcome<Answer>[]> {
    const outcomes: Outcome<Answer>[] = [];
    const errors: unknown[] = [];
    const room = Math.max(0, this.rules.waiting - this.waiting.length);
    items.slice(room).forEach((_, index) => (outcomes[room + index] = { failure: tooMany() }));
    const span = currentSpan();
    await new Promise<void>((resolve) => {
      let open = Math.min(items.length, room);
      if (open === 0) return resolve();
      items.slice(0, room).forEach((item, place) => {
        const settle = (settled: Settled<Answer>) => {
          if (!('error' in settled)) outcomes[place] = settled;
          else if (isFailure(settled.error)) outcomes[place] = { failure: settled.error };
          else errors.push(settled.error);
          open -= 1;
          if (open === 0) resolve();
        };
        this.waiting.push({ item, line: this.rules.lineOf?.(item), deadlineAt, span, settle });
      });
      this.begin();
    });
    if (errors.length > 0) throw errors[0];
    return outcomes;
  }

  private begin(): void {
    const { items, lineOf } = this.rules;
    const isEnough = lineOf !== undefined && this.waiting.length >= items && !this.allBusy;
    if ((this.working > 0 && !isEnough) || this.waiting.length === 0 || this.open >= (lineOf === undefined ? 1 : mostAtOnce)) return;
    this.working += 1;
    void this.writeNext();
  }

  private async writeNext(): Promise<void> {
    if (this.rules.gather !== undefined) await this.rules.gather();
    const group = this.take();
    this.allBusy = group.length === 0;
    // All that wait come after something that is being committed, which goes on with them then.
    if (group.length === 0) return void (this.working -= 1);
    let atWork = true;
    const atCommit = () => {
      if (!atWork) return;
      atWork = false;
      this.working -= 1;
      this.begin();
    };
    this.open += 1;
    this.underWay += group.length;
    for (const { line } of group) if (line !== undefined) this.busy.add(line);
    const written = this.write(group, atCommit);
    this.begin();
    await written;
    for (const { line } of group) if (line !== undefined) this.busy.delete(line);
    this.allBusy = false;
    this.open -= 1;
    this.underWay -= group.length;
    atCommit();
    this.begin();
  }

  private take(): Waiting<Item, Answer>[] {
    const { keyOf } = this.rules;
    const most = this.mostNow();
    const group: Waiting<Item, Answer>[] = [];
    const left: Waiting<Item, Answer>[] = [];
    const keys = new Set<string>();
    let seen = 0;
    for (; seen < this.waiting.length && group.length < most; seen += 1) {
      const one = this.waiting[seen]!;
      const key = keyOf?.(one.item);
      const goes = !(one.line !== undefined && this.busy.has(one.line)) && !(key !== undefined && keys.has(key));
      if (goes && key !== undefined) keys.add(key);
      (goes ? group : left).push(one);
    }
    // In place: thousands may wait, and all of them would be copied for each group.
    this.waiting.splice(0, seen, ...left);
    return group;
  }

  private mostNow(): number {
    const { items, lineOf } = this.rules;
    if (lineOf === undefined || this.underWay === 0) return items;
    return Math.min(items, Math.max(leastOfHalf, Math.ceil((this.waiting.length + this.underWay) / 2)));
  }

  /** Never throws: whatever happens is told to those who wait. */
  private async write(arrived: Waiting<Item, Answer>[], atCommit: () => void): Promise<void> {
    const group = dropLate(arrived);
    if (group.length === 0) return;
    let outcomes: Outcome<Answer>[];
    try {
      outcomes = await tracedTogether('group', group.map(({ span }) => span), () => this.commit(group.map(({ item }) => item), atCommit));
    } catch (error) {
      // A database out of reach is nobody's fault: asking it again for each half would only hold everybody up.
      if (group.length === 1 || isFailure(error, 'service-unavailable')) {
        for (const { settle } of group) settle({ error });
        return;
      }
      const half = group.length >> 1;
      await this.write(group.slice(0, half), atCommit);
      await this.write(group.slice(half), atCommit);
      return;
    }
    group.forEach(({ settle }, place) => settle(outcomes[place] ?? { error: new Error('a group commit left an item without an outcome') }));
  }
}

/** Work that nobody waits for any more would only make the others late too. */
function dropLate<Item, Answer>(group: Waiting<Item, Answer>[]): Waiting<Item, Answer>[] {
  const now = Date.now();
  return group.filter(({ deadlineAt, settle }) => {
    if (deadlineAt > now) return true;
    settle({ failure: platformErrors.failure('service-unavailable', 'The write waited too long and was not made.', { retryAfter: 1 }) });
    return false;
  });
}

function tooMany(): Failure {
  return platformErrors.failure('service-unavailable', 'Too many writes are waiting already.', { retryAfter: 1 });
}
