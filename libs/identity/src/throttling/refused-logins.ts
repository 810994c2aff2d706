import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { isFailure } from '#libs/platform/errors';
import { BoundedLog, Logger } from '#libs/platform/logging';
import type { CallContext } from '#libs/platform/messages';
import { canonicalName } from '../names/canonical-name.js';
import { ThrottleKeys } from './throttle-keys.js';

/** Logins that were refused, in the log. Whose name and which address are keyed hashes there: the same one is seen again, and nobody is named. */
@Injectable()
export class RefusedLogins implements OnApplicationShutdown {
  private readonly log: BoundedLog;

  constructor(
    logger: Logger,
    private readonly keys: ThrottleKeys,
  ) {
    this.log = new BoundedLog(logger, 'a login was refused');
  }

  /** Answers as `login` does. */
  async watch<T>({ realmId, name, address }: { realmId: string; name: string; address: string | null }, { requestId }: CallContext, login: Promise<T>): Promise<T> {
    try {
      return await login;
    } catch (error) {
      if (isFailure(error) && ['unauthenticated', 'forbidden', 'too-many'].includes(error.value.kind)) {
        const [nameKey, addressKey] = [this.keys.forName(realmId, canonicalName(name)), address === null ? null : this.keys.forAddress(address)].map((key) => key?.toString('hex').slice(0, 16));
        this.note({ code: error.value.code, requestId, realmId, nameKey, addressKey });
      }
      throw error;
    }
  }

  /** @param fields ids, codes and keyed hashes */
  note(fields: { code: string } & Record<string, unknown>): void {
    this.log.note(fields);
  }

  onApplicationShutdown(): void {
    this.log.sum();
  }
}
