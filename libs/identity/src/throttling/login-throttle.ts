import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import { Database, GroupCommit, type Queryable } from '#libs/platform/database';
import { identityConfig } from '../identity.config.js';
import { loginsRepository, type LoginRow } from '../login/logins.repository.js';
import { HashingPool } from '../passwords/hashing-pool.js';
import { addressThrottlesRepository } from './address-throttles.repository.js';
import { loginThrottlesRepository } from './login-throttles.repository.js';
import { loginTriesRepository, type BegunTry, type NewTry } from './login-tries.repository.js';
import { ThrottleKeys } from './throttle-keys.js';
import { TriesInFlight } from './tries-in-flight.js';
import { WaitingLine } from './waiting-line.js';

/**
 * Of one name in one process. Those of two stay below the number of failures that is allowed by default, or the line would stand at the database after all,
 * where nobody's turn comes for certain: who comes next may take the place before whoever waited looks again.
 */
const concurrentTries = 4;
const pollMs = 25;
/** For tries of an address that has as many under way as may fail: there may be a crowd of them. */
const crowdPollMs = 100;
/** A burst of right logins by one name has passed by then, also on a machine that is busy. */
const patienceMs = 6_000;

/** A login that may be evaluated. */
export interface LoginTry {
  /** Of the name, as it was when the try began. */
  login: LoginRow | undefined;
  /** What it counts under. */
  key: Buffer;
  failed(): Promise<void>;
  /** @param on the transaction of the login, so that failures are forgotten only if it commits */
  succeeded(on: Queryable): Promise<void>;
  /** Somebody has counted it as a success. */
  settle(): void;
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
  private readonly inFlight = new TriesInFlight();
  private readonly group: GroupCommit<NewTry, BegunTry>;

  constructor(
    private readonly database: Database,
    private readonly keys: ThrottleKeys,
    private readonly hashing: HashingPool,
    @Inject(identityConfig.token) private readonly config: ConfigValues<typeof identityConfig>,
  ) {
    const begin = async (tries: readonly NewTry[]) => (await loginTriesRepository.begin(database, tries, config.LOGIN_FAILURES_PER_NAME)).map((answer) => ({ answer }));
    this.group = new GroupCommit(begin, { items: 64, gather: () => hashing.gather(), keyOf: ({ realmId, key }) => realmId + key.toString('base64') });
  }

  /** @throws Failure `too-many-attempts` */
  async begin({ realmId, name, address, device }: LoginTryOrigin): Promise<LoginTry> {
    const key = device === null ? this.keys.forName(realmId, name) : this.keys.forDevice(realmId, device.userId, device.deviceId);
    const addressKey = address === null ? null : this.keys.forAddress(address);
    const leave = await this.line.enter(key.toString('base64'));
    try {
      // The block of an address does not hold for known devices: it may be shared with somebody who guesses.
      const heldTo = device === null ? addressKey : null;
      const login = await this.waitForPlace({ realmId, key, deviceOf: device?.userId ?? null, addressKey: heldTo, name });
      const leaveBoth = () => {
        if (heldTo !== null) this.inFlight.leave(heldTo);
        leave();
      };
      return this.loginTry({ realmId, key, addressKey, leave: leaveBoth, login });
    } catch (error) {
      leave();
      throw error;
    }
  }

  private loginTry({ realmId, key, addressKey, leave, login }: { realmId: string; key: Buffer; addressKey: Buffer | null; leave: () => void; login: LoginRow | undefined }): LoginTry {
    const { database, config } = this;
    let settled = false;
    return {
      login,
      key,
      settle() {
        settled = true;
      },
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

  /** Tries on other replicas, or others of the address, may have to be settled first, which takes as long as a hash. */
  private async waitForPlace(wanted: Omit<NewTry, 'addressLimit'>): Promise<LoginRow | undefined> {
    const { realmId, key, addressKey } = wanted;
    const limit = this.config.LOGIN_FAILURES_PER_ADDRESS;
    for (const until = Date.now() + patienceMs; ; ) {
      const before = addressKey === null ? 0 : this.inFlight.enter(addressKey);
      let begun: BegunTry = { state: 'refused' };
      try {
        if (before < limit) begun = await this.beginOne({ ...wanted, addressLimit: limit - before });
      } finally {
        if (begun.state !== 'begun' && addressKey !== null) this.inFlight.leave(addressKey);
      }
      if (begun.state === 'begun') return begun.login;
      const seconds = addressKey === null || before >= limit ? undefined : await addressThrottlesRepository.blockedFor(this.database, addressKey, limit);
      const blockedSeconds = seconds ?? (await loginThrottlesRepository.blockedFor(this.database, realmId, key));
      if (blockedSeconds !== undefined) throw tooMany(blockedSeconds);
      if (Date.now() > until) throw tooMany(1);
      await delay(before <= concurrentTries ? pollMs : crowdPollMs);
    }
  }

  /** Waits for whoever is counting under its key. */
  private async beginOne(wanted: NewTry): Promise<BegunTry> {
    const { realmId, key, name, deviceOf, addressKey, addressLimit } = wanted;
    const begun = await this.group.submit(wanted);
    if (begun.state !== 'busy') return begun;
    const address = addressKey === null ? null : { key: addressKey, limit: addressLimit };
    const alone = await loginThrottlesRepository.begin(this.database, realmId, key, this.config.LOGIN_FAILURES_PER_NAME, deviceOf, address);
    return alone ? { state: 'begun', login: await loginsRepository.findByName(this.database, realmId, name) } : { state: 'busy' };
  }
}

function tooMany(seconds: number) {
  return identity.identityErrors.failure('too-many-attempts', 'There were too many failed logins: try again later.', { retryAfter: Math.max(1, Math.ceil(seconds)) });
}
