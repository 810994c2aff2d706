import { Injectable } from '@nestjs/common';
import { operations } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ListAudit } from './list-audit.js';

@Injectable()
export class AuditTrailMessages {
  constructor(private readonly listAudit: ListAudit) {}

  @Handles(operations.listAudit)
  async list(...[request, context]: HandlerArguments<typeof operations.listAudit>) {
    return this.listAudit.list(request, context);
  }
}
