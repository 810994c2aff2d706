import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { AuditEntry } from '#libs/contracts';
import type { Transaction } from '#libs/platform/database';
import { AuditHashes } from './audit-hashes.js';
import { AuditLogRepository } from './audit-log.repository.js';

/** The one way into the trail: users who are erased by now come in as hashes. */
@Injectable()
export class AppendAudit {
  constructor(
    private readonly log: AuditLogRepository,
    private readonly hashes: AuditHashes,
  ) {}

  async append(tx: Transaction, entries: readonly AuditEntry[]): Promise<void> {
    await this.log.takeTurn(tx);
    const userIds = entries.flatMap(({ actor, target }) => [actor, target].filter(({ type, id }) => type === 'user' && isId(id)).map(({ id }) => id));
    const erased = new Set(await this.log.erasedAmong(tx, [...new Set(userIds)]));
    await this.log.append(tx, erased.size === 0 ? entries : entries.map((entry) => this.withHashes(entry, erased)));
  }

  private withHashes(entry: AuditEntry, erased: ReadonlySet<string>): AuditEntry {
    const replaced = <Who extends { type: string; id: string }>(who: Who): Who => (who.type === 'user' && erased.has(who.id) ? { ...who, id: this.hashes.of(who.id) } : who);
    const actor = replaced(entry.actor);
    return { ...entry, actor, target: replaced(entry.target), address: actor === entry.actor ? entry.address : null };
  }
}

function isId(text: string): boolean {
  return z.uuid().safeParse(text).success;
}
