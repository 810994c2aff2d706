import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataKeys } from '#libs/platform/keys';

/**
 * What stands for an erased user in the audit trail: the same for all that one user did, and nothing that leads back to
 * them without the key of the deployment.
 */
@Injectable()
export class AuditHashes {
  constructor(private readonly dataKeys: DataKeys) {}

  /** @returns `erased:` and 43 characters of base64url */
  of(userId: string): string {
    return `erased:${createHmac('sha256', this.dataKeys.lasting('audit erased users')).update(userId.toLowerCase()).digest('base64url')}`;
  }
}
