import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { isFailure, platformErrors } from '#libs/platform/errors';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { canonicalName } from '../names/canonical-name.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { KnownDevices } from '../throttling/known-devices.js';
import { LoginThrottle, type LoginTry, type LoginTryOrigin } from '../throttling/login-throttle.js';
import { LoginSteps } from './login-steps.js';
import { loginsRepository, type LoginRow } from './logins.repository.js';
import { WriteEntry } from './write-entry.js';

type Request = RequestOf<typeof identity.logIn>;

/** How often a login is looked at anew when it changes while its password is being checked. */
const attempts = 3;

/**
 * Logs a user in by user name or email. Unknown names go the same way as known ones, hashing included, so that neither
 * the answer nor its time tells them apart.
 */
@Injectable()
export class LogIn {
  constructor(
    private readonly database: Database,
    private readonly throttle: LoginThrottle,
    private readonly hasher: PasswordHasher,
    private readonly writeEntry: WriteEntry,
    private readonly devices: KnownDevices,
    private readonly steps: LoginSteps,
  ) {}

  async execute(request: Request, context: CallContext): Promise<identity.LoginResult> {
    const name = canonicalName(request.name);
    const { realmId, address } = request;
    const loginTry = await this.throttle.begin({ realmId, name, address, device: await this.knownDevice(request, name) });
    try {
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        const login = attempt === 1 ? loginTry.login : await loginsRepository.findByName(this.database, realmId, name);
        const result = await this.attempt(request, login, loginTry, context);
        if (result !== null) return result;
      }
      throw platformErrors.failure('service-unavailable', 'The login was changed at the same time: try again.', { retryAfter: 1 });
    } finally {
      await loginTry.leave();
    }
  }

  /** A token that is not of this user's device counts as none. */
  private async knownDevice({ realmId, deviceToken }: Request, name: string): Promise<LoginTryOrigin['device']> {
    if (deviceToken === null) return null;
    const login = await loginsRepository.findByName(this.database, realmId, name);
    const deviceId = login === undefined ? null : this.devices.recognise(deviceToken, { realmId, userId: login.userId });
    return login === undefined || deviceId === null ? null : { userId: login.userId, deviceId };
  }

  /** @returns null when the login changed while its password was being checked */
  private async attempt(request: Request, login: LoginRow | undefined, loginTry: LoginTry, context: CallContext): Promise<identity.LoginResult | null> {
    const { realmId, password, address, userAgent, deviceToken } = request;
    const right = await this.hasher.verify(login?.passwordHash ?? null, password, context.deadlineAt);
    if (!right || login === undefined) {
      await loginTry.failed();
      throw identity.identityErrors.failure('invalid-credentials', 'The user name or the password is wrong.');
    }
    if (!login.isActive) {
      await loginTry.succeeded(this.database);
      throw identity.identityErrors.failure('user-inactive', 'The user is inactive.');
    }
    if (login.mustChangePassword) {
      await loginTry.succeeded(this.database);
      return this.steps.begin('new-password', { realmId, userId: login.userId, version: login.version });
    }
    const newHash = await this.rehashed(login, password, context);
    const tokens = await this.writeEntry.execute(login, newHash, { realmId, address, userAgent }, loginTry);
    return tokens === null ? null : { step: 'done', ...tokens, deviceToken: this.devices.issue(deviceToken, { realmId, userId: login.userId }) };
  }

  /** Null while the hash is as strong as new ones; also when there is no time for it now: the next login will do. */
  private async rehashed({ passwordHash }: LoginRow, password: string, { deadlineAt }: CallContext): Promise<string | null> {
    if (passwordHash === null || !this.hasher.isOutdated(passwordHash)) return null;
    return this.hasher.hash(password, deadlineAt).catch((error: unknown) => {
      if (isFailure(error, 'hashing-overloaded')) return null;
      throw error;
    });
  }
}
