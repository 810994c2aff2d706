import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database, GroupCommit, nextTurn, type Outcome, type Transaction } from '#libs/platform/database';
import { platformErrors } from '#libs/platform/errors';
import { event, Outbox, type NewEvent } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { canonicalName } from '../names/canonical-name.js';
import { loginsRepository } from './logins.repository.js';

type EmailClaim = RequestOf<typeof identity.claimLoginEmail> & { context: CallContext };

/** Finds whose login email it is, or reserves it for somebody who will log in by it one day: an address is one person. Those that arrive together share a transaction. */
@Injectable()
export class ClaimLoginEmail {
  private readonly claims: GroupCommit<EmailClaim, string>;

  constructor(
    database: Database,
    private readonly outbox: Outbox,
  ) {
    const rules = { items: 64, gather: nextTurn, keyOf: nameOf };
    this.claims = new GroupCommit((claims: readonly EmailClaim[]) => database.withTransaction((tx) => this.claimAll(tx, claims)), rules);
  }

  /** @returns the user's id */
  execute(claim: RequestOf<typeof identity.claimLoginEmail>, context: CallContext): Promise<string> {
    return this.claims.submit({ ...claim, context }, context.deadlineAt);
  }

  private async claimAll(tx: Transaction, claims: readonly EmailClaim[]): Promise<Outcome<string>[]> {
    const rows = await loginsRepository.claimEmails(tx, claims.map(({ realmId, newUserId, email }) => ({ realmId, newUserId, email })));
    const versions = new Map(rows.map(({ realmId, canonical, version }) => [`${realmId} ${canonical}`, version]));
    const outcomes: Outcome<string>[] = [];
    const told: { context: CallContext; event: NewEvent }[] = [];
    for (const claim of claims) {
      const { realmId, newUserId, email, context } = claim;
      const version = versions.get(nameOf(claim));
      if (version === undefined) {
        outcomes.push(await ownerOf(tx, realmId, email));
        continue;
      }
      told.push({ context, event: event(identity.loginChanged, { realmId, userId: newUserId, version, facts: ['login_email'], unlisted: true }) });
      outcomes.push({ answer: newUserId });
    }
    await this.outbox.appendEach(tx, told);
    return outcomes;
  }
}

async function ownerOf(tx: Transaction, realmId: string, email: string): Promise<Outcome<string>> {
  const owner = await loginsRepository.ownerOfEmail(tx, realmId, email);
  // The id was another login's, or the owner has let go of the address a moment ago.
  return owner === undefined ? { failure: platformErrors.failure('service-unavailable', 'The address changed hands at the same time: try again.', { retryAfter: 1 }) } : { answer: owner };
}

function nameOf({ realmId, email }: EmailClaim): string {
  return `${realmId.toLowerCase()} ${canonicalName(email)}`;
}
