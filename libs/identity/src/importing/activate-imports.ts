import { Injectable } from '@nestjs/common';
import { identity, type Actor } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database, type Transaction } from '#libs/platform/database';
import { isFailure } from '#libs/platform/errors';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext } from '#libs/platform/messages';
import type { LoginState } from '../login/logins.repository.js';
import { notFound, type ImportCandidate } from './import-candidate.js';
import { importedLoginsRepository, type ImportedLogin, type PresentLogin } from './imported-logins.repository.js';

/** A candidate with a pending row, whom profiles knows. */
export interface Reserved {
  candidate: ImportCandidate;
  /** The contact email as it stood when profiles began to ask us before it changes it. */
  email: string | null;
}

interface Reservation {
  realmId: string;
  reservationId: string;
  /** Who imports. */
  actor: Actor;
}

/** The last step of an import: those whom profiles knows can log in. */
@Injectable()
export class ActivateImports {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Gives candidates their results; those whose row somebody has taken away get none.
   * @returns the states of those who can log in now
   */
  async execute(reserved: readonly Reserved[], reservation: Reservation, context: CallContext): Promise<LoginState[]> {
    const born = reserved.filter(({ candidate }) => candidate.isNew);
    const present = reserved.filter(({ candidate }) => !candidate.isNew);
    const states = [...(await this.activateBorn(born, reservation, context)), ...(await this.activatePresent(present, reservation, context))];
    const imported = new Set(states.map(({ userId }) => userId));
    for (const { candidate } of reserved) if (imported.has(candidate.userId)) candidate.result = { status: 'imported', userId: candidate.userId, error: null };
    return states;
  }

  /** Their names are theirs since they were reserved. */
  private async activateBorn(born: readonly Reserved[], { realmId, reservationId, actor }: Reservation, context: CallContext): Promise<LoginState[]> {
    if (born.length === 0) return [];
    return this.database.withTransaction(async (tx) => {
      const states = await importedLoginsRepository.activateNew(tx, realmId, reservationId, born.map(({ candidate }) => candidate.userId));
      await this.tell(tx, realmId, actor, states, context);
      return states;
    });
  }

  /** A name that somebody took in the meantime would undo all of them: then each for itself. */
  private async activatePresent(present: readonly Reserved[], reservation: Reservation, context: CallContext): Promise<LoginState[]> {
    if (present.length === 0) return [];
    try {
      return await this.activateTogether(present, reservation, context);
    } catch (error) {
      if (!isFailure(error, 'email-taken') && !isFailure(error, 'user-name-taken')) throw error;
      if (present.length > 1) {
        const states: LoginState[] = [];
        for (const one of present) states.push(...(await this.activatePresent([one], reservation, context)));
        return states;
      }
      const { candidate } = present[0]!;
      candidate.fail(error);
      await importedLoginsRepository.release(this.database, reservation.realmId, reservation.reservationId, [candidate.userId]);
      return [];
    }
  }

  private async activateTogether(present: readonly Reserved[], { realmId, reservationId, actor }: Reservation, context: CallContext): Promise<LoginState[]> {
    return this.database.withTransaction(async (tx) => {
      const logins = new Map((await importedLoginsRepository.lockMany(tx, realmId, present.map(({ candidate }) => candidate.userId))).map((login) => [login.userId, login]));
      const wanted = present.flatMap(({ candidate, email }) => this.decide(candidate, email, realmId, logins.get(candidate.userId)) ?? []);
      const states = await importedLoginsRepository.write(tx, realmId, wanted);
      await this.tell(tx, realmId, actor, states, context);
      await importedLoginsRepository.release(tx, realmId, reservationId, present.flatMap(({ candidate }) => (candidate.result === undefined ? [] : [candidate.userId])));
      return states;
    });
  }

  /** What is to be written of a user whose login is locked; undefined: nothing, and the candidate's result says why if anything is to be said. */
  private decide(candidate: ImportCandidate, contactEmail: string | null, realmId: string, login: PresentLogin | undefined): ImportedLogin | undefined {
    // A transaction may run twice.
    candidate.result = undefined;
    if (login === undefined || login.isRegistering) return undefined;
    const { userId } = candidate;
    const email = login.loginEmail ?? contactEmail;
    const userName = candidate.user.userName?.trim() ?? login.userName;
    if (login.status === 'hidden') candidate.fail(notFound());
    else if (login.canLogIn) candidate.result = { status: 'skipped', userId, error: null };
    else if (email === null && userName === null) candidate.fail(identity.identityErrors.failure('email-missing', 'The user has neither an email nor a user name to log in with.'));
    else return { ...candidate.toLogin(realmId), email, userName };
    return undefined;
  }

  private async tell(tx: Transaction, realmId: string, actor: Actor, states: readonly LoginState[], context: CallContext): Promise<void> {
    const facts = ['login_email', 'user_name', 'password', 'status'];
    await this.outbox.append(tx, context, ...states.map(({ userId, version }) => event(identity.loginChanged, { realmId, userId, version, facts })));
    await auditTrail.append(tx, context, ...states.map(({ userId }) => ({ actor, action: 'user.imported', target: { type: 'user', id: userId }, projectId: realmId, after: facts })));
  }
}
