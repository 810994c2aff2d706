import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import { Database, type Queryable } from '#libs/platform/database';
import { identityConfig } from '../identity.config.js';
import { addressThrottlesRepository } from './address-throttles.repository.js';
import { loginThrottlesRepository } from './login-throttles.repository.js';
import { ThrottleKeys } from './throttle-keys.js';
import { WaitingLine } from './waiting-line.js';

/** Of one name in one process. Below the number of failures that is allowed, or the line would stand at the database after all. */
const concurrentTries = 8;
const pollMs = 25;
const patienceMs = 2_000;

/** A login that may be evaluated. */
export interface LoginTry {
  failed(): Promise<void>;
  /** @param on the transaction of the login, so that failures are forgotten only if it commits */
  succeeded(on: Queryable): Promise<void>;
  /** To be called in any case, last. A try that neither failed nor succeeded was not evaluated, and does not count. */
  leave(): Promise<void>;
}

export interface LoginTryOrigin {
  realmId: string;
  /** Canonical. Whether anybody has it makes no difference here. */
  name: string;
  address: string | null;
  /** The user whose name it is and the id of their device, when it is one of theirs. */
  device: { userId: string; deviceId: Buffer } | null;
}

/**
 * Holds back who tries passwords: by name, after some failures for 1 s, doubling to 15 min, the right password included; and by
 * network address. A try counts as a failure while it is being evaluated, so that many at once don't get past the limit.
 *
 * A device on which the user has logged in before (see `KnownDevices`) counts by itself: what strangers try does not hold it back.
 */
@Injectable()
export class LoginThrottle {
  private readonly line = new WaitingLine(concurrentTries);

  constructor(
    private readonly database: Database,
    private readonly keys: ThrottleKeys,
    @Inject(identityConfig.token) private readonly config: ConfigValues<typeof identityConfig>,
  ) {}

  /** @throws Failure `too-many-attempts` */
  async begin({ realmId, name, address, device }: LoginTryOrigin): Promise<LoginTry> {
    const key = device === null ? this.keys.forName(realmId, name) : this.keys.forDevice(realmId, device.userId, device.deviceId);
    const addressKey = address === null ? null : this.keys.forAddress(address);
    const leave = await this.line.enter(key.toString('base64'));
    try {
      // The block of an address does not hold for known devices: it may be shared with somebody who guesses.
      await this.waitForPlace(realmId, key, device, device === null ? addressKey : null);
    } catch (error) {
      leave();
      throw error;
    }
    return this.loginTry({ realmId, key, addressKey, leave });
  }

  private loginTry({ realmId, key, addressKey, leave }: { realmId: string; key: Buffer; addressKey: Buffer | null; leave: () => void }): LoginTry {
    const { database, config } = this;
    let settled = false;
    return {
      async failed() {
        settled = true;
        await loginThrottlesRepository.fail(database, realmId, key, config.LOGIN_FAILURES_PER_NAME);
        if (addressKey !== null) await addressThrottlesRepository.fail(database, addressKey);
      },
      async succeeded(on) {
        settled = true;
        await loginThrottlesRepository.succeed(on, realmId, key);
      },
      async leave() {
        // When even this fails, the database is away, and the try stops counting by itself after a while.
        if (!settled) await loginThrottlesRepository.abandon(database, realmId, key).catch(() => undefined);
        leave();
      },
    };
  }

  /** Tries on other replicas may have to be settled first, which takes as long as a hash. */
  private async waitForPlace(realmId: string, key: Buffer, device: LoginTryOrigin['device'], addressKey: Buffer | null): Promise<void> {
    const { LOGIN_FAILURES_PER_NAME: limit, LOGIN_FAILURES_PER_ADDRESS: addressLimit } = this.config;
    const address = addressKey === null ? null : { key: addressKey, limit: addressLimit };
    for (const until = Date.now() + patienceMs; ; await delay(pollMs)) {
      if (await loginThrottlesRepository.begin(this.database, realmId, key, limit, device?.userId ?? null, address)) return;
      const seconds = address === null ? undefined : await addressThrottlesRepository.blockedFor(this.database, address.key, address.limit);
      const blockedSeconds = seconds ?? (await loginThrottlesRepository.blockedFor(this.database, realmId, key));
      if (blockedSeconds !== undefined) throw tooMany(blockedSeconds);
      if (Date.now() > until) throw tooMany(1);
    }
  }
}

function tooMany(seconds: number) {
  return identity.identityErrors.failure('too-many-attempts', 'There were too many failed logins: try again later.', { retryAfter: Math.max(1, Math.ceil(seconds)) });
}
