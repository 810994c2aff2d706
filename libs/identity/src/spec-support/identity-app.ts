import { randomBytes, randomUUID } from 'node:crypto';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { identity, systemActor } from '#libs/contracts';
import { masterKeyConfig } from '#libs/platform/config';
import { Database, databaseConfig } from '#libs/platform/database';
import { isFailure, type FailureValue } from '#libs/platform/errors';
import { EventsTransportModule } from '#libs/platform/events';
import type { AnyMessage, RequestInput, ResponseOf } from '#libs/platform/messages';
import { RpcClient, rpcConfig, RpcModule } from '#libs/platform/rpc';
import { Readiness } from '#libs/platform/telemetry';
import { LogRecorder, testApp, testDatabaseUrl } from '#libs/platform/testing';
import { identityMigrations } from '../database/migrations.js';
import { identityConfig } from '../identity.config.js';
import { IdentityModule } from '../identity.module.js';
import { ProfilesStandIn } from './profiles-stand-in.js';
import { ProjectsStandIn } from './projects-stand-in.js';

export interface IdentityAppOptions {
  /** Of another app: both are then replicas. */
  databaseUrl?: string;
  environment?: Record<string, string>;
  /** Who answers for services besides profiles, and membership about projects. */
  providers?: Type[];
}

export type LoggedIn = Extract<identity.LoginResult, { step: 'done' }>;

export const specMasterKey = randomBytes(32).toString('base64');

/** Cheap hashes and no throttling to speak of, so that a spec meets only the limits that it is about. */
const specEnvironment = { ROLLCALL_MASTER_KEY: specMasterKey, PASSWORD_HASH_MEMORY_KIB: '1024', PASSWORD_HASH_ITERATIONS: '1', RPC_CHECK_REPLIES: 'true', RPC_DEADLINE_MS: '60000' };

/** The identity service as the runtime starts it, without a gateway. */
export class IdentityApp {
  readonly realmId = randomUUID();

  private constructor(
    readonly app: INestApplicationContext,
    readonly databaseUrl: string,
    readonly log: LogRecorder,
  ) {}

  /** @throws what ends the start of the process */
  static async start({ databaseUrl, environment, providers = [] }: IdentityAppOptions = {}): Promise<IdentityApp> {
    const url = databaseUrl ?? (await testDatabaseUrl({ service: 'identity', migrations: identityMigrations }));
    const log = new LogRecorder();
    const app = await testApp({
      imports: [RpcModule.register('in-process'), EventsTransportModule.register('in-process'), IdentityModule],
      providers: [ProfilesStandIn, ProjectsStandIn, ...providers],
      configs: [masterKeyConfig, identityConfig, databaseConfig, rpcConfig],
      environment: { ...specEnvironment, DATABASE_URL: url, ...environment },
      log,
    });
    await app.get(Readiness, { strict: false }).whenStarted();
    return new IdentityApp(app, url, log);
  }

  get database(): Database {
    return this.app.get(Database, { strict: false });
  }

  get profiles(): ProfilesStandIn {
    return this.app.get(ProfilesStandIn, { strict: false });
  }

  get projects(): ProjectsStandIn {
    return this.app.get(ProjectsStandIn, { strict: false });
  }

  async call<M extends AnyMessage>(message: M, request: RequestInput<M>): Promise<ResponseOf<M>> {
    return this.app.get(RpcClient, { strict: false }).call(message, request, { requestId: randomUUID() });
  }

  /** The failure that a call ends in. */
  async failure<M extends AnyMessage>(message: M, request: RequestInput<M>): Promise<FailureValue> {
    return failureOf(this.call(message, request));
  }

  /** A user of the realm that profiles knows, and who can't log in yet. */
  contact(email: string | null): string {
    const userId = randomUUID();
    this.profiles.emails.set(userId, email);
    return userId;
  }

  async setPassword(userId: string, password: string, keepSessionId: string | null = null): Promise<void> {
    await this.call(identity.setPassword, { realmId: this.realmId, userId, password, keepSessionId, actor: systemActor });
  }

  /** A user who can log in. */
  async user(email: string, password: string): Promise<string> {
    const userId = this.contact(email);
    await this.setPassword(userId, password);
    return userId;
  }

  loginRequest(name: string, password: string, address: string | null = null): RequestInput<typeof identity.logIn> {
    return { realmId: this.realmId, name, password, address, userAgent: null };
  }

  async logIn(name: string, password: string, more: Partial<RequestInput<typeof identity.logIn>> = {}): Promise<LoggedIn> {
    const result = await this.call(identity.logIn, { ...this.loginRequest(name, password), ...more });
    if (result.step !== 'done') throw new Error('the login takes one more step');
    return result;
  }

  async sessionIsActive(tokens: identity.IssuedTokens): Promise<boolean> {
    return (await this.call(identity.checkSession, { sessionId: claimsOf(tokens.accessToken).sid as string })).active;
  }
}

export async function failureOf(call: Promise<unknown>): Promise<FailureValue> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isFailure(error)) throw new Error(`expected a failure, got ${String(error)}`, { cause: error });
  return error.value;
}

/** What a token says, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}
