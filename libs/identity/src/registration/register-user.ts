import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { identity, membership, profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { platformErrors } from '#libs/platform/errors';
import { Idempotency } from '#libs/platform/idempotency';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { PasswordPolicy } from '../passwords/password-policy.js';
import { CompleteRegistration, isRefusal } from './complete-registration.js';
import { registrationsRepository, type Registration, type ReservedNames } from './registrations.repository.js';

type Request = RequestOf<typeof identity.registerUser>;

/** Registers a user: reserve, profile, roles, activate. See docs/architecture.md, "One registration". */
@Injectable()
export class RegisterUser {
  constructor(
    private readonly database: Database,
    private readonly rpc: RpcClient,
    private readonly policy: PasswordPolicy,
    private readonly hasher: PasswordHasher,
    private readonly completion: CompleteRegistration,
    private readonly idempotency: Idempotency,
  ) {}

  /** @returns the id of the user: another than was asked for when the same request made them before */
  async execute(request: Request, context: CallContext): Promise<string> {
    // Their names are taken, by themselves.
    const earlier = await this.idempotency.earlier(this.database, context);
    if (earlier !== undefined) return earlier['userId'] as string;
    const { realmId, userId, userName, password, isActive, roles, profile, grantor } = request;
    const names: ReservedNames = { userName, isActive, loginEmail: password === null ? null : (profile.email ?? null) };
    await this.check(request, names, context);

    const registration: Registration = { realmId, userId, roles, reservationId: randomUUID() };
    // The answer to the first request was lost, and this is the second.
    if (!(await registrationsRepository.reserve(this.database, registration, names))) return userId;
    // After the names are ours: of many who want them, one has a password hashed.
    if (password !== null) await this.keepHash(registration, password, context);
    try {
      await this.rpc.call(profiles.upsertUser, { realmId, newUserId: userId, patch: profile, actor: grantor.actor }, context);
    } catch (error) {
      // Where nobody said no, there may be a profile: whoever finds the row later looks.
      if (isRefusal(error)) await registrationsRepository.release(this.database, registration);
      throw error;
    }
    return this.completion.execute(registration, grantor, context);
  }

  /** Everything that can be refused, before anything is written. */
  private async check({ realmId, userId, password, roles, profile, grantor }: Request, names: ReservedNames, context: CallContext): Promise<void> {
    const email = profile.email ?? null;
    if (names.userName === null && email === null) throw identity.identityErrors.failure('login-name-missing', 'A user needs a user name or an email.');
    if (password !== null) {
      this.policy.check(password);
      this.policy.checkAgainstNames(password, [names.userName, email]);
    }
    await Promise.all([
      roles.length === 0 ? undefined : this.rpc.call(membership.checkProjectRoles, { projectId: realmId, roles, grantor }, context),
      this.rpc.call(profiles.upsertUser, { realmId, newUserId: userId, patch: profile, actor: grantor.actor, checkOnly: true }, context),
    ]);
    const taken = await registrationsRepository.areTaken(this.database, realmId, userId, names);
    if (taken.userName) throw identity.identityErrors.failure('user-name-taken', 'Another user of the realm has this user name.');
    if (taken.email) throw identity.identityErrors.failure('email-taken', 'Another user of the realm logs in with this email.');
  }

  private async keepHash(registration: Registration, password: string, { deadlineAt }: CallContext): Promise<void> {
    try {
      const hash = await this.hasher.hash(password, deadlineAt);
      if (await registrationsRepository.keepHash(this.database, registration.realmId, registration.userId, hash)) return;
      throw platformErrors.failure('service-unavailable', 'The registration was broken off: try again.', { retryAfter: 1 });
    } catch (error) {
      await registrationsRepository.release(this.database, registration);
      throw error;
    }
  }
}
