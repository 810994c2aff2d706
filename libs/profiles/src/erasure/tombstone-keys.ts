import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import { DataKeys } from '#libs/platform/keys';

/**
 * Names as tombstones remember them: HMAC-SHA256 under a key of this deployment. Who has the table without the key can't
 * even try out names.
 */
@Injectable()
export class TombstoneKeys {
  constructor(private readonly dataKeys: DataKeys) {}

  /** Of an external id or a user id, which are compared as they are. */
  exact(realmId: string, name: string): Buffer {
    return this.hash('exact', realmId, name);
  }

  /** Of an email or a user name, whose case does not count. */
  folded(realmId: string, name: string): Buffer {
    return this.hash('folded', realmId, name.toLowerCase());
  }

  /** Under which tombstones an erased user would be found who was addressed so. */
  of(realmId: string, address: profiles.UserAddress): Buffer[] {
    return 'userId' in address ? [this.exact(realmId, address.userId.toLowerCase())] : [this.exact(realmId, address.uid), this.folded(realmId, address.uid)];
  }

  private hash(way: string, realmId: string, name: string): Buffer {
    return createHmac('sha256', this.dataKeys.lasting('profiles tombstones')).update(`${way}\0${realmId.toLowerCase()}\0${name}`).digest();
  }
}
