import { Injectable } from '@nestjs/common';
import { identity, type Actor } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database, GroupCommit, nextTurn, type Outcome, type Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import { Idempotency, type Claim } from '#libs/platform/idempotency';
import type { CallContext } from '#libs/platform/messages';
import { loginsRepository, type LoginState, type StoredPassword } from '../login/logins.repository.js';
import { OrderMail } from '../mails/order-mail.js';
import { registrationsRepository, type LoginKey, type Registration, type ReservedNames } from './registrations.repository.js';

interface Activation extends LoginKey {
  actor: Actor;
  context: CallContext;
}

/** A login that counts from now on. */
interface Registered {
  activation: Activation;
  login: LoginState;
  mustChange: boolean;
}

/** The statements of registrations. Those that arrive together are made at once; each is answered after the commit of its own. */
@Injectable()
export class WriteRegistrations {
  private readonly reserving: GroupCommit<Registration & ReservedNames, boolean>;
  private readonly keeping: GroupCommit<LoginKey & StoredPassword, boolean>;
  private readonly activating: GroupCommit<Activation, LoginState>;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly orderMail: OrderMail,
    private readonly idempotency: Idempotency,
  ) {
    const rules = { items: 64, gather: nextTurn, keyOf: nameOf };
    this.reserving = new GroupCommit(async (wanted: readonly (Registration & ReservedNames)[]) => among(wanted, await registrationsRepository.reserve(database, wanted)), rules);
    this.keeping = new GroupCommit(async (passwords: readonly (LoginKey & StoredPassword)[]) => among(passwords, await registrationsRepository.keepPasswords(database, passwords)), rules);
    this.activating = new GroupCommit((activations: readonly Activation[]) => database.withTransaction((tx) => this.activateAll(tx, activations)), rules);
  }

  /** @returns the user whom the same request made before, under its idempotency key */
  async earlier(context: CallContext): Promise<string | undefined> {
    return (await this.idempotency.earlier(this.database, context))?.['userId'] as string | undefined;
  }

  /**
   * Takes the names. One of any number who want them gets them.
   * @returns false when the user is registered already
   * @throws Failure `user-name-taken`, `email-taken`
   */
  reserve(registration: Registration, names: ReservedNames, { deadlineAt }: CallContext): Promise<boolean> {
    return this.reserving.submit({ ...registration, ...names }, deadlineAt);
  }

  /** @returns false when the registration is not under way any more */
  keepPassword({ realmId, userId }: LoginKey, password: StoredPassword, { deadlineAt }: CallContext): Promise<boolean> {
    return this.keeping.submit({ realmId, userId, ...password }, deadlineAt);
  }

  /** Gives the names back, unless somebody has taken the registration over. */
  async release(registration: Registration): Promise<void> {
    await registrationsRepository.release(this.database, registration);
  }

  /**
   * Makes the login one that counts, and tells of it; under an idempotency key, once.
   * @returns the login as it is, whoever activated it
   * @throws Failure `user-not-found` when the user was removed in the meantime
   */
  activate({ realmId, userId }: LoginKey, actor: Actor, context: CallContext): Promise<LoginState> {
    return this.activating.submit({ realmId, userId, actor, context }, context.deadlineAt);
  }

  private async activateAll(tx: Transaction, activations: readonly Activation[]): Promise<Outcome<LoginState>[]> {
    const claims = await this.idempotency.claim(tx, activations.map(({ context }) => context));
    const isToActivate = (claim: Claim | undefined) => claim === undefined || claim.state === 'fresh';
    const activated = new Map((await registrationsRepository.activate(tx, activations.filter((_, place) => isToActivate(claims[place])))).map((one) => [nameOf(one), one]));
    const outcomes: Outcome<LoginState>[] = [];
    const registered: Registered[] = [];
    for (const [place, activation] of activations.entries()) {
      const claim = claims[place];
      const present = activated.get(nameOf(activation));
      if (claim?.state === 'refused') outcomes.push({ failure: claim.failure });
      else if (present !== undefined) {
        const { realmId: _, mustChange, ...login } = present;
        registered.push({ activation, login, mustChange });
        outcomes.push({ answer: login });
      } else outcomes.push(await alreadyThere(tx, activation, claim?.state === 'earlier' ? (claim.reference['userId'] as string) : activation.userId));
    }
    await this.tell(tx, registered);
    await this.idempotency.settle(tx, activations.flatMap(({ context }, place) => (claims[place]?.state === 'fresh' ? [{ context, reference: referenceTo(outcomes[place]!) }] : [])));
    return outcomes;
  }

  private async tell(tx: Transaction, registered: readonly Registered[]): Promise<void> {
    for (const { activation: { realmId, userId, context }, login: { loginEmail }, mustChange } of registered) {
      // Who has to do something about it is told.
      if (!mustChange || loginEmail === null) continue;
      await this.orderMail.order(tx, { realmId, template: 'password-changed', recipient: { userId, email: loginEmail }, facts: { by: 'administrator', mustChange, isFirst: true } }, context);
    }
    await this.outbox.appendEach(tx, registered.map(({ activation: { realmId, userId, context }, login: { version } }) => ({ context, event: event(identity.loginChanged, { realmId, userId, version, facts: ['status', 'user_name', 'login_email', 'password'] }) })));
    await auditTrail.appendEach(tx, registered.map(({ activation: { realmId, userId, actor, context } }) => ({ context, entry: { actor, action: 'user.registered', target: { type: 'user', id: userId }, projectId: realmId } })));
  }
}

/** Somebody else finished it: a retry, or whoever took it over. */
async function alreadyThere(tx: Transaction, { realmId }: LoginKey, userId: string): Promise<Outcome<LoginState>> {
  const [answer] = await loginsRepository.describe(tx, realmId, [userId]);
  return answer === undefined ? { failure: identity.identityErrors.failure('user-not-found', 'The user was removed while they were being registered.') } : { answer };
}

function referenceTo(outcome: Outcome<LoginState>): { userId: string } | undefined {
  return 'answer' in outcome ? { userId: outcome.answer.userId } : undefined;
}

function nameOf({ realmId, userId }: LoginKey): string {
  return `${realmId} ${userId}`.toLowerCase();
}

/** Of each, whether it is among the keys. */
function among(all: readonly LoginKey[], keys: readonly LoginKey[]): { answer: boolean }[] {
  const names = new Set(keys.map(nameOf));
  return all.map((one) => ({ answer: names.has(nameOf(one)) }));
}
