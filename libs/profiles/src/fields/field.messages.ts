import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { DeclareFields } from './declare-fields.js';
import { ListFields } from './list-fields.js';
import { RemoveField } from './remove-field.js';

@Injectable()
export class FieldMessages {
  constructor(
    private readonly listFields: ListFields,
    private readonly declareFields: DeclareFields,
    private readonly removeField: RemoveField,
  ) {}

  @Handles(profiles.listFields)
  async list(...[request]: HandlerArguments<typeof profiles.listFields>) {
    return { fields: await this.listFields.execute(request) };
  }

  @Handles(profiles.declareFields)
  async declare(...[request, context]: HandlerArguments<typeof profiles.declareFields>) {
    return { fields: await this.declareFields.execute(request, context) };
  }

  @Handles(profiles.removeField)
  async remove(...[request, context]: HandlerArguments<typeof profiles.removeField>) {
    return { fields: await this.removeField.execute(request, context) };
  }
}
