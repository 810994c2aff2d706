import { Injectable } from '@nestjs/common';
import type { LoginRow } from '../login/logins.repository.js';
import { canonicalName } from '../names/canonical-name.js';
import { ThrottleKeys } from '../throttling/throttle-keys.js';

/** Which login throttles are about given users: those of the names they have. */
@Injectable()
export class UserThrottleKeys {
  constructor(private readonly keys: ThrottleKeys) {}

  of(realmId: string, logins: readonly Pick<LoginRow, 'userName' | 'loginEmail'>[]): Buffer[] {
    const names = logins.flatMap(({ userName, loginEmail }) => [userName, loginEmail]).filter((name) => name !== null);
    return names.map((name) => this.keys.forName(realmId, canonicalName(name)));
  }
}
