import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext } from '#libs/platform/messages';
import { FieldsRepository } from './fields.repository.js';

/** Users of one transaction: other writes wait no longer for it than for one another. */
const pageSize = 1_000;
const firstId = '00000000-0000-0000-0000-000000000000';

/**
 * Removes or converts the values of a field, user by user, in transactions that hold nobody up. The row of the field
 * says that it is under way, and keeps new values away. Cut short, it may be begun again; two at once do no harm.
 */
@Injectable()
export class FieldSweep {
  constructor(
    private readonly database: Database,
    private readonly fields: FieldsRepository,
    private readonly outbox: Outbox,
  ) {}

  /**
   * @param mustStop asked between two pages: when it says so, the sweep is left to be begun again
   * @returns whether it came to its end
   */
  async execute(realmId: string, name: string, actorId: string, context: CallContext, mustStop: () => boolean = () => false): Promise<boolean> {
    const kind = (await this.fields.list(this.database, realmId)).find((field) => field.name === name)?.sweep;
    if (kind == null) return true;
    // Until nothing is left to do: users who are merged meanwhile may carry a value from where the sweep has not been yet
    // to where it has been.
    while (await this.sweepAll(kind, { realmId, name, actorId }, mustStop)) if (mustStop()) return false;
    if (mustStop()) return false;
    await this.database.withTransaction(async (tx) => {
      const ended = kind === 'convert' ? await this.fields.endConversion(tx, realmId, name) : await this.fields.remove(tx, realmId, name);
      if (ended) await this.outbox.append(tx, context, event(kind === 'convert' ? profiles.fieldConverted : profiles.fieldRemoved, { realmId, name }));
    });
    return true;
  }

  /** @returns whether there was anything to do */
  private async sweepAll(kind: 'remove' | 'convert', field: { realmId: string; name: string; actorId: string }, mustStop: () => boolean): Promise<boolean> {
    let found = false;
    let after: string | undefined = firstId;
    while (after !== undefined && !mustStop()) {
      const from: string = after;
      const page = await this.database.withTransaction((tx) => this.fields.sweep(tx, kind, field, from, pageSize));
      found ||= page !== undefined && page.due > 0;
      after = page?.last;
    }
    return found;
  }
}
