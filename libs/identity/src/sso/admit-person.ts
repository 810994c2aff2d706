import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { membership, staffRealmId } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { loginsRepository } from '../login/logins.repository.js';
import type { StoredConnection } from './sso-connections.repository.js';

export interface Arrival {
  organisationId: string;
  connection: Pick<StoredConnection, 'autoJoin'>;
  /** Verified, and of the organisation's domains. */
  email: string;
  name: string | null;
  /** Who this subject was at an earlier login. */
  linkedUserId: string | null;
}

/** Finds the user that somebody at a provider is, and has membership let them in: it knows who was invited. */
@Injectable()
export class AdmitPerson {
  constructor(
    private readonly database: Database,
    private readonly rpc: RpcClient,
  ) {}

  /** @throws Failure `sso-not-invited` */
  async admit({ organisationId, connection: { autoJoin }, email, name, linkedUserId }: Arrival, context: CallContext): Promise<string> {
    const userId = linkedUserId ?? (await loginsRepository.ownerOfEmail(this.database, staffRealmId, email)) ?? null;
    const { userId: admitted } = await this.rpc.call(membership.admitBySso, { organisationId, userId, newUserId: uuidv7(), email, name, autoJoin }, context);
    return admitted;
  }
}
