import { Injectable } from '@nestjs/common';
import { profiles, systemActor } from '#libs/contracts';
import type { Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext } from '#libs/platform/messages';
import { UsersRepository } from '../users/users.repository.js';
import { DirectoryRepository, type LoginState } from './directory.repository.js';

/**
 * Takes over what identity says of users' logins, where it is newer than what we have. Identity leads: of a user who can
 * log in, our email becomes the login email.
 */
@Injectable()
export class ApplyLoginStates {
  constructor(
    private readonly users: UsersRepository,
    private readonly directory: DirectoryRepository,
    private readonly outbox: Outbox,
  ) {}

  /** @returns whose states were taken over: ids as Postgres writes them; users who are unknown or hidden are not among them */
  async execute(tx: Transaction, realm: string, given: readonly LoginState[], context: CallContext): Promise<ReadonlySet<string>> {
    const realmId = realm.toLowerCase();
    const states = newest(given);
    const applied = await this.directory.applyLoginStates(tx, realmId, [...states.values()]);
    const changed = applied.flatMap(({ userId, email, version }) => {
      const state = states.get(userId);
      if (state?.canLogIn !== true || state.loginEmail === email) return [];
      return [{ realmId, userId, email: state.loginEmail, version: version + 1, modifiedBy: systemActor.id }];
    });
    await this.users.updateEmails(tx, changed);
    const events = changed.map(({ userId, version }) => event(profiles.userChanged, { realmId, userId, version, created: false, facts: ['email'] }));
    await this.outbox.append(tx, context, ...events);
    return new Set(applied.map(({ userId }) => userId));
  }
}

/** One state per user, under the id as Postgres writes it. */
function newest(states: readonly LoginState[]): Map<string, LoginState> {
  const byUser = new Map<string, LoginState>();
  for (const state of states) {
    const userId = state.userId.toLowerCase();
    const other = byUser.get(userId);
    if (other === undefined || other.version < state.version) byUser.set(userId, { ...state, userId });
  }
  return byUser;
}
