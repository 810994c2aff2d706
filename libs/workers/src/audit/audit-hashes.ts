import { createHmac, hkdfSync } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { masterKeyConfig, type ConfigValues } from '#libs/platform/config';

/**
 * What stands for an erased user in the audit trail: the same for all that one user did, and nothing that leads back to
 * them without the key of the deployment.
 */
@Injectable()
export class AuditHashes {
  private readonly key: Buffer;

  constructor(@Inject(masterKeyConfig.token) config: ConfigValues<typeof masterKeyConfig>) {
    this.key = Buffer.from(hkdfSync('sha256', config.ROLLCALL_MASTER_KEY, '', 'rollcall audit erased users', 32));
  }

  /** @returns `erased:` and 43 characters of base64url */
  of(userId: string): string {
    return `erased:${createHmac('sha256', this.key).update(userId.toLowerCase()).digest('base64url')}`;
  }
}
