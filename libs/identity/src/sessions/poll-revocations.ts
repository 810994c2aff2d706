import { Injectable } from '@nestjs/common';
import type { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { SigningKeys } from '../tokens/signing-keys.js';
import { revocationsRepository } from './revocations.repository.js';

/** More than that at once, and the gateway had better forget everything. */
const most = 1_000;

/** Tells gateways which of the sessions that they remember as good are not any more. */
@Injectable()
export class PollRevocations {
  constructor(
    private readonly database: Database,
    private readonly signingKeys: SigningKeys,
  ) {}

  async execute({ since }: RequestOf<typeof identity.pollRevocations>): Promise<ResponseOf<typeof identity.pollRevocations>> {
    const keys = this.signingKeys.fingerprint();
    if (since === null) return { next: await revocationsRepository.start(this.database), sessionIds: [], reset: true, keys };
    const { next, sessionIds } = await revocationsRepository.since(this.database, since, most + 1);
    // Transactions don't count backwards: the database is another one than it was.
    const reset = sessionIds.length > most || since > next;
    return { next, sessionIds: reset ? [] : sessionIds, reset, keys };
  }
}
