import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { identity, profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { isFailure } from '#libs/platform/errors';
import type { CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { LoginStatePush } from '../login/login-state-push.js';
import { loginsRepository, type LoginState } from '../login/logins.repository.js';
import { MasterKey } from '../keys/master-key.js';
import { takeHash, type TakenHash } from '../passwords/imported-hash.js';
import { importedKeysPurpose, PasswordHasher } from '../passwords/password-hasher.js';
import { wrappedText } from '../passwords/stored-hash.js';
import { ImportLogin } from './import-login.js';

type Request = RequestOf<typeof identity.importCredentials>;

/** Enough that commits are shared, few enough that others find a connection to the database, and a core to hash on. */
const atOnce = 8;

/** Takes over users from elsewhere, one by one: what is wrong with one is no reason to leave out the others. */
@Injectable()
export class ImportCredentials {
  constructor(
    private readonly database: Database,
    private readonly rpc: RpcClient,
    private readonly masterKey: MasterKey,
    private readonly hasher: PasswordHasher,
    private readonly importLogin: ImportLogin,
    private readonly statePush: LoginStatePush,
  ) {}

  async execute(request: Request, context: CallContext): Promise<ResponseOf<typeof identity.importCredentials>> {
    const results: identity.ImportResult[] = [];
    const states: LoginState[] = [];
    const waiting = [...request.users.entries()];
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [place, user] = next;
        results[place] = await this.importOne(user, request, context, states);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    if (states.length > 0) await this.statePush.push(request.realmId, states, context);
    return { results };
  }

  private async importOne(user: identity.ImportedUser, request: Request, context: CallContext, states: LoginState[]): Promise<identity.ImportResult> {
    let userId: string | null = null;
    try {
      // What can be refused comes first.
      const taken = takeHash(user.hash, request.firebase, this.masterKey.for(importedKeysPurpose));
      userId = await this.present(user, request, context);
      if (userId !== null && (await this.canLogIn(request.realmId, userId))) return { status: 'skipped', userId, error: null };
      userId = await this.knownToProfiles(user, request, context);
      const { userName = null, isActive, lastLoginAt = null } = user;
      const passwordHash = await this.stored(taken, context);
      const state = await this.importLogin.execute({ realmId: request.realmId, userId, userName: userName?.trim() ?? null, isActive, passwordHash, lastLoginAt }, context);
      if (state === null) return { status: 'skipped', userId, error: null };
      states.push(state);
      return { status: 'imported', userId, error: null };
    } catch (error) {
      if (!isFailure(error)) throw error;
      return { status: 'failed', userId, error: { code: error.value.code, message: error.value.message } };
    }
  }

  /** Who is there already; null: nobody, or nobody of that external id. */
  private async present({ user }: identity.ImportedUser, { realmId }: Request, context: CallContext): Promise<string | null> {
    const address = 'userId' in user ? user : { uid: user.externalId };
    try {
      const found = await this.rpc.call(profiles.getUser, { realmId, user: address }, context);
      // Who has no external id is found by the email, and is somebody else than the one who gets this external id.
      return 'userId' in user || found.externalId !== null ? found.userId : null;
    } catch (error) {
      if (isFailure(error, 'user-not-found') && 'externalId' in user) return null;
      throw error;
    }
  }

  /** Then nothing about them is changed, not even the email. */
  private async canLogIn(realmId: string, userId: string): Promise<boolean> {
    const [login] = await loginsRepository.describe(this.database, realmId, [userId]);
    return login?.canLogIn === true;
  }

  private async knownToProfiles({ user, email, createdAt }: identity.ImportedUser, { realmId, actor }: Request, context: CallContext): Promise<string> {
    const patch = { ...(email === undefined ? {} : { email }), ...(createdAt === undefined ? {} : { createdAt }) };
    const who = 'userId' in user ? { newUserId: user.userId, onlyExisting: true } : { newUserId: uuidv7(), externalId: user.externalId };
    return (await this.rpc.call(profiles.upsertUser, { realmId, ...who, patch, actor }, context)).user.userId;
  }

  /** A digest that is quick to try passwords against is never stored as it is. */
  private async stored(taken: TakenHash, { deadlineAt }: CallContext): Promise<string> {
    if ('stored' in taken) return taken.stored;
    const { digest, saltFirst, salt, hex } = taken;
    return wrappedText({ digest, saltFirst, salt, hash: await this.hasher.hash(hex, deadlineAt) });
  }
}
