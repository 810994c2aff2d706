import { Injectable } from '@nestjs/common';
import type { identity } from '#libs/contracts';
import { Database, GroupCommit, nextTurn } from '#libs/platform/database';
import { SessionStarter, type PreparedSession, type SessionOwner } from '../sessions/session-starter.js';
import type { LoginTry } from '../throttling/login-throttle.js';
import { entriesRepository, type EntryOutcome } from './entries.repository.js';
import { loginsRepository, type LoginRow } from './logins.repository.js';

interface ThisEntry {
  login: LoginRow;
  newHash: string | null;
  session: PreparedSession;
  throttleKey: Buffer;
}

/** Begins the session of a user whose password was right. Those who are let in at the same time are written together; each is answered after the commit. */
@Injectable()
export class WriteEntry {
  private readonly group: GroupCommit<ThisEntry, EntryOutcome>;

  constructor(
    private readonly database: Database,
    private readonly sessions: SessionStarter,
  ) {
    const rules = { items: 64, gather: nextTurn, keyOf: ({ session: { row } }: ThisEntry) => `${row.realmId} ${row.userId}` };
    this.group = new GroupCommit((entries) => this.writeAll(entries), rules);
  }

  /**
   * @param newHash of the same password, made with today's parameters; null: the present one stays
   * @returns null when the login is no longer as it was when its password was checked
   */
  async execute(login: LoginRow, newHash: string | null, from: Omit<SessionOwner, 'userId'>, loginTry: LoginTry): Promise<identity.IssuedTokens | null> {
    const session = this.sessions.prepare({ ...from, userId: login.userId });
    const entry = { login, newHash, session, throttleKey: loginTry.key };
    const outcome = await this.group.submit(entry);
    if (outcome.state === 'changed') return null;
    if (outcome.state === 'busy') return (await this.writeAlone(entry, loginTry)) ? session.tokens : null;
    if (outcome.settled) loginTry.settle();
    else await loginTry.succeeded(this.database);
    return session.tokens;
  }

  private async writeAll(entries: readonly ThisEntry[]): Promise<{ answer: EntryOutcome }[]> {
    const rows = entries.map(({ login, newHash, session, throttleKey }) => ({ version: login.version, newHash, session: session.row, throttleKey }));
    return (await entriesRepository.write(this.database, rows, entries[0]!.session.lifetime)).map((answer) => ({ answer }));
  }

  /** Waits for whoever is changing the login. */
  private async writeAlone({ login, newHash, session }: ThisEntry, loginTry: LoginTry): Promise<boolean> {
    return this.database.withTransaction(async (tx) => {
      if (!(await loginsRepository.recordLogin(tx, session.row.realmId, login, newHash))) return false;
      await session.save(tx);
      await loginTry.succeeded(tx);
      return true;
    });
  }
}
