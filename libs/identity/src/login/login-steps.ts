import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { identity } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import { Database } from '#libs/platform/database';
import { DataKeys, open, seal } from '#libs/platform/keys';
import { identityConfig } from '../identity.config.js';
import { loginsRepository, type LoginRow } from './logins.repository.js';

const purpose = 'login steps';
const waitingLogin = z.object({ realmId: z.string(), userId: z.string(), version: z.number(), expiresAt: z.number() });

/** A login whose password was right, and which waits for `step`. */
export interface WaitingLogin {
  realmId: string;
  userId: string;
  /** Of the login, when its password was right. Whatever is changed of it since, the step does not follow any more. */
  version: number;
}

/**
 * Tokens of logins that wait for one more step. A token is a box under a key of the deployment, which says for whom and which step
 * it is; nothing of it is stored. The step changes the login's version, and that uses all its tokens up.
 */
@Injectable()
export class LoginSteps {
  constructor(
    private readonly dataKeys: DataKeys,
    private readonly database: Database,
    @Inject(identityConfig.token) private readonly config: ConfigValues<typeof identityConfig>,
  ) {}

  begin(step: identity.LoginStep, { realmId, userId, version }: WaitingLogin): Extract<identity.LoginResult, { step: 'next' }> {
    const expiresAt = Math.floor(Date.now() / 1_000) + this.config.LOGIN_STEP_TTL;
    const stepToken = seal(this.dataKeys.for(purpose), Buffer.from(JSON.stringify({ realmId, userId, version, expiresAt })), step).toString('base64url');
    return { step: 'next', userId, methods: [step], stepToken, expiresAt };
  }

  /**
   * The login that a token is of, as it is now.
   * @param realmId where it has to be of; null: anywhere
   * @throws Failure `step-token-invalid`, one for all reasons
   */
  async find(step: identity.LoginStep, stepToken: string, realmId: string | null): Promise<{ waiting: WaitingLogin; login: LoginRow }> {
    const box = open(this.dataKeys.for(purpose), Buffer.from(stepToken, 'base64url'), step);
    if (box === null) throw stepTokenInvalid();
    const { expiresAt, ...waiting } = waitingLogin.parse(JSON.parse(box.toString()));
    if (expiresAt <= Date.now() / 1_000 || (realmId !== null && waiting.realmId !== realmId)) throw stepTokenInvalid();
    const login = await loginsRepository.find(this.database, waiting.realmId, waiting.userId);
    if (login === undefined) throw stepTokenInvalid();
    return { waiting, login };
  }
}

export function stepTokenInvalid() {
  return identity.identityErrors.failure('step-token-invalid', 'The step token is not valid any more: it was used, has expired, or the login was changed. Log in again.');
}
