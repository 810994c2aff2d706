import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { identity, membership, profiles } from '#libs/contracts';
import { platformErrors } from '#libs/platform/errors';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { mustBeChanged } from '../passwords/must-be-changed.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { PasswordPolicy } from '../passwords/password-policy.js';
import { CompleteRegistration, isRefusal } from './complete-registration.js';
import type { Registration, ReservedNames } from './registrations.repository.js';
import { WriteRegistrations } from './write-registrations.js';

type Request = RequestOf<typeof identity.registerUser>;

/** Registers a user: reserve, profile, roles, activate. See docs/architecture.md, "One registration". */
@Injectable()
export class RegisterUser {
  constructor(
    private readonly rpc: RpcClient,
    private readonly writes: WriteRegistrations,
    private readonly policy: PasswordPolicy,
    private readonly hasher: PasswordHasher,
    private readonly completion: CompleteRegistration,
  ) {}

  /** @returns the id of the user: another than was asked for when the same request made them before */
  async execute(request: Request, context: CallContext): Promise<string> {
    // Their names are taken, by themselves.
    const earlier = await this.writes.earlier(context);
    if (earlier !== undefined) return earlier;
    const { realmId, userId, roles, profile, grantor } = request;
    const registration: Registration = { realmId, userId, roles, reservationId: randomUUID() };
    // Of many who want a name at once, all but one are told so by this statement.
    const isNew = await this.writes.reserve(registration, this.namesOf(request), context);
    // The answer to the first request was lost, and this is the second.
    if (!isNew) return userId;
    await this.prepare(registration, request, context);
    try {
      await this.rpc.call(profiles.upsertUser, { realmId, newUserId: userId, patch: profile, actor: grantor.actor }, context);
    } catch (error) {
      // Where nobody said no, there may be a profile: whoever finds the row later looks.
      if (isRefusal(error)) await this.writes.release(registration);
      throw error;
    }
    return this.completion.execute(registration, grantor, context);
  }

  /** @throws Failure `login-name-missing`, `password-refused` */
  private namesOf({ userName, password, isActive, profile }: Request): ReservedNames {
    const email = profile.email ?? null;
    if (userName === null && email === null) throw identity.identityErrors.failure('login-name-missing', 'A user needs a user name or an email.');
    if (password === null) return { userName, isActive, loginEmail: null };
    this.policy.check(password);
    this.policy.checkAgainstNames(password, [userName, email]);
    return { userName, isActive, loginEmail: email };
  }

  /** What else can be refused, or take long, while nothing but the names is taken; they are given back when it fails. */
  private async prepare(registration: Registration, { password, profile, grantor }: Request, context: CallContext): Promise<void> {
    const { realmId, userId, roles } = registration;
    try {
      await Promise.all([
        roles.length === 0 ? undefined : this.rpc.call(membership.checkProjectRoles, { projectId: realmId, roles, grantor }, context),
        this.rpc.call(profiles.upsertUser, { realmId, newUserId: userId, patch: profile, actor: grantor.actor, checkOnly: true }, context),
      ]);
      if (password === null) return;
      // Keys register people who sign up: what they send is what the user typed.
      const mustChange = grantor.actor.type === 'user' && (await mustBeChanged(this.rpc, { realmId, userId, actor: grantor.actor }, context));
      const passwordHash = await this.hasher.hash(password, context.deadlineAt);
      if (await this.writes.keepPassword(registration, { passwordHash, mustChange }, context)) return;
      throw platformErrors.failure('service-unavailable', 'The registration was broken off: try again.', { retryAfter: 1 });
    } catch (error) {
      await this.writes.release(registration);
      throw error;
    }
  }
}
