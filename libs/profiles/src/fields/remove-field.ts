import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { declaredFields } from './declare-fields.js';
import { FieldSweep } from './field-sweep.js';
import { FieldsRepository } from './fields.repository.js';

const { profilesErrors } = profiles;

/** Removes a custom field and its values from every user. */
@Injectable()
export class RemoveField {
  constructor(
    private readonly database: Database,
    private readonly fields: FieldsRepository,
    private readonly sweep: FieldSweep,
  ) {}

  async execute({ name, actor, ...request }: RequestOf<typeof profiles.removeField>, context: CallContext): Promise<profiles.ProfileField[]> {
    const realmId = request.realmId.toLowerCase();
    await this.database.withTransaction(async (tx) => {
      await this.fields.lock(tx, realmId);
      const field = (await this.fields.list(tx, realmId)).find((present) => present.name === name);
      if (field === undefined) throw profilesErrors.failure('field-not-found', 'There is no such custom field.');
      if (field.sweep === 'convert') throw profilesErrors.failure('field-busy', `The values of ${name} are being converted.`, { retryAfter: 1 });
      await this.fields.beginRemoval(tx, realmId, name, actor.id);
      // Asked again while it is under way, it is the same removal.
      if (field.sweep !== 'remove') await auditTrail.append(tx, context, { actor, action: 'field.removed', target: { type: 'field', id: name }, projectId: realmId, before: ['type', 'label'] });
    });
    await this.sweep.execute(realmId, name, actor.id, context);
    return declaredFields(await this.fields.list(this.database, realmId));
  }
}
