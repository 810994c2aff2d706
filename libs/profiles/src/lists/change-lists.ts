import { Injectable } from '@nestjs/common';
import { isStorable, mustBeStorable, profiles } from '#libs/contracts';
import { auditTrail, type NewAuditEntry } from '#libs/platform/audit';
import { Database, type Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import { Idempotency } from '#libs/platform/idempotency';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { unstorableDetail } from '../database/storable.js';
import { listNotFound } from './find-lists.js';
import { ListsRepository } from './lists.repository.js';

const { mostLists, profilesErrors } = profiles;

/** Makes, renames and removes lists. */
@Injectable()
export class ChangeLists {
  constructor(
    private readonly database: Database,
    private readonly lists: ListsRepository,
    private readonly outbox: Outbox,
    private readonly idempotency: Idempotency,
  ) {}

  async create({ realmId, listId, name, actor }: RequestOf<typeof profiles.createList>, context: CallContext): Promise<profiles.List> {
    checkName(name);
    return this.database.withTransaction((tx) =>
      this.idempotency.once(tx, context, {
        work: async (): Promise<profiles.List> => {
          await this.lists.lock(tx, realmId);
          const present = await this.lists.get(tx, realmId, listId);
          if (present !== undefined) return present;
          if ((await this.lists.count(tx, realmId)) >= mostLists) throw profilesErrors.failure('list-limit', `A project may have at most ${mostLists} lists.`);
          await this.lists.insert(tx, realmId, listId, name, actor.id);
          await this.outbox.append(tx, context, event(profiles.listChanged, { realmId, listId, created: true }));
          await auditTrail.append(tx, context, { actor, action: 'list.created', ...place(realmId, listId), after: ['name'] });
          return this.present(tx, realmId, listId);
        },
        refer: (made) => ({ listId: made.listId }),
        again: (made) => this.present(tx, realmId, made.listId),
      }),
    );
  }

  async rename({ realmId, listId, name, actor }: RequestOf<typeof profiles.renameList>, context: CallContext): Promise<profiles.List> {
    checkName(name);
    return this.database.withTransaction(async (tx) => {
      if (await this.lists.rename(tx, realmId, listId, name, actor.id)) {
        await this.outbox.append(tx, context, event(profiles.listChanged, { realmId, listId, created: false }));
        await auditTrail.append(tx, context, { actor, action: 'list.changed', ...place(realmId, listId), before: ['name'], after: ['name'] });
      }
      return this.present(tx, realmId, listId);
    });
  }

  async remove({ realmId, listId, actor }: RequestOf<typeof profiles.removeList>, context: CallContext): Promise<void> {
    await this.database.withTransaction(async (tx) => {
      if (!(await this.lists.remove(tx, realmId, listId))) throw listNotFound();
      await this.outbox.append(tx, context, event(profiles.listRemoved, { realmId, listId }));
      await auditTrail.append(tx, context, { actor, action: 'list.removed', ...place(realmId, listId), before: ['name'] });
    });
  }

  private async present(tx: Transaction, realmId: string, listId: string): Promise<profiles.List> {
    const found = await this.lists.get(tx, realmId, listId);
    if (found === undefined) throw listNotFound();
    return found;
  }
}

function place(realmId: string, listId: string): Pick<NewAuditEntry, 'target' | 'projectId'> {
  return { target: { type: 'list', id: listId }, projectId: realmId };
}

function checkName(name: string): void {
  if (!isStorable(name)) throw profilesErrors.failure('invalid-list', `name: ${mustBeStorable}.`, { details: [unstorableDetail('name')] });
}
