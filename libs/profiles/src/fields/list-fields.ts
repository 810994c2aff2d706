import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf } from '#libs/platform/messages';
import { declaredFields } from './declare-fields.js';
import { FieldsRepository } from './fields.repository.js';

/** The custom fields of a realm. Read anew each time: whoever declares one sees it at once, whichever process they ask. */
@Injectable()
export class ListFields {
  constructor(
    private readonly database: Database,
    private readonly fields: FieldsRepository,
  ) {}

  async execute({ realmId }: RequestOf<typeof profiles.listFields>): Promise<profiles.ProfileField[]> {
    return declaredFields(await this.fields.list(this.database, realmId));
  }
}
