import { join } from 'node:path';
import type { INestApplicationContext, Type } from '@nestjs/common';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { operations } from '#libs/contracts';
import { masterKeyConfig, type Environment } from '#libs/platform/config';
import { databaseConfig, DatabaseModule, serviceDatabaseUrl } from '#libs/platform/database';
import { eventsEntities, EventsModule, eventsMigrations, EventsTransportModule } from '#libs/platform/events';
import type { AnyMessage, RequestInput, ResponseOf } from '#libs/platform/messages';
import { queueConfig, QueueModule, type QueueTuning } from '#libs/platform/queue';
import type { ErasureReceipt } from '#libs/platform/receipts';
import { RpcClient, rpcConfig, RpcModule } from '#libs/platform/rpc';
import { runtimeConfig } from '#libs/platform/runtime';
import { Readiness } from '#libs/platform/telemetry';
import { eventually, LogRecorder, onCleanUp, testApp, testDatabaseUrl, testFolder } from '#libs/platform/testing';
import { migrations } from '../database/migrations.js';
import { auditConfig } from '../audit/audit.config.js';
import { feedConfig } from '../feed/feed.config.js';
import { receiptsConfig } from '../receipts/receipts.config.js';
import { staffRetentionConfig } from '../staff-retention/staff-retention.config.js';
import { TrimAudit } from '../audit/trim-audit.js';
import { RequeueErasures } from '../erasure/requeue-erasures.js';
import { importsConfig } from '../importing/imports.config.js';
import { mailConfig } from '../mail/mail.config.js';
import { MailTuning } from '../mail/mail-tuning.js';
import { RequeueMails } from '../mail/requeue-mails.js';
import { webhooksConfig } from '../webhooks/webhooks.config.js';
import { WorkersModule } from '../workers.module.js';
import { StandInFeedSources } from './stand-in-feed-sources.js';
import { StandInLoading } from './stand-in-loading.js';
import { StandInMailOwners } from './stand-in-mail-owners.js';
import { StandInServices, type ServiceName } from './stand-in-services.js';

/** A database and an outbox of profiles' own, so that its events come from where they come from. */
const profilesDatabase = DatabaseModule.forService({ service: 'profiles', entities: eventsEntities, migrations: eventsMigrations });
const standIns = {
  module: class StandInModule {},
  imports: [profilesDatabase, EventsModule.forService({ service: 'profiles', database: profilesDatabase })],
  providers: [StandInServices, StandInMailOwners, StandInFeedSources, StandInLoading],
};

type State = ResponseOf<typeof operations.getErasure>['state'];

interface StartOptions {
  /** An application whose place this one takes: with its database, its queue, its files and its users. */
  after?: WorkersApp;
  tuning?: Partial<QueueTuning>;
  mailTuning?: Partial<MailTuning>;
  environment?: Environment;
}

/** The whole service on a database of its own, on the real queue, among stand-ins of the others. */
export class WorkersApp {
  readonly services: StandInServices;
  readonly mailOwners: StandInMailOwners;
  readonly feedSources: StandInFeedSources;
  readonly loading: StandInLoading;
  private readonly rpc: RpcClient;

  private constructor(
    private readonly app: INestApplicationContext,
    private readonly client: pg.Client,
    /** What `DATABASE_URL` is for it. */
    readonly serverUrl: string,
    readonly log: LogRecorder,
    readonly dataDir: string,
  ) {
    this.rpc = app.get(RpcClient, { strict: false });
    this.services = app.get(StandInServices, { strict: false });
    this.mailOwners = app.get(StandInMailOwners, { strict: false });
    this.feedSources = app.get(StandInFeedSources, { strict: false });
    this.loading = app.get(StandInLoading, { strict: false });
  }

  static async start({ after, tuning = {}, mailTuning = {}, environment = {} }: StartOptions = {}): Promise<WorkersApp> {
    const log = new LogRecorder();
    const serverUrl = after?.serverUrl ?? (await testDatabaseUrl({ service: 'operations', migrations }));
    const dataDir = after?.dataDir ?? (await testFolder('workers'));
    const app = await testApp({
      imports: [RpcModule.register('in-process'), EventsTransportModule.register('in-process', { firstRetryMs: 100 }), QueueModule.register('postgres', { runs: true, tuning: { firstRetryMs: 100, longestRetryMs: 500, ...tuning } }), WorkersModule, standIns],
      configs: [runtimeConfig, databaseConfig, rpcConfig, queueConfig, mailConfig, masterKeyConfig, auditConfig, feedConfig, staffRetentionConfig, receiptsConfig, webhooksConfig, importsConfig],
      environment: { DATABASE_URL: serverUrl, RPC_CHECK_REPLIES: 'true', RPC_DEADLINE_MS: '1000', EVENT_LOG: 'true', ROLLCALL_DATA_DIR: dataDir, PUBLIC_URL: 'https://app.example', ROLLCALL_MASTER_KEY: 'a'.repeat(64), ...environment },
      log,
    });
    Object.assign(app.get(MailTuning, { strict: false }), mailTuning);
    await app.get(Readiness).whenStarted();
    const client = new pg.Client({ connectionString: serviceDatabaseUrl(serverUrl, 'operations') });
    await client.connect();
    onCleanUp(() => client.end());
    const started = new WorkersApp(app, client, serverUrl, log, dataDir);
    if (after !== undefined) started.services.users = after.services.users; // one world for both, also for who is added later
    for (const [mailId, mail] of after?.mailOwners.mails ?? []) started.mailOwners.mails.set(mailId, mail);
    return started;
  }

  provider<P>(type: Type<P>): P {
    return this.app.get(type, { strict: false });
  }

  close(): Promise<void> {
    return this.app.close();
  }

  call<M extends AnyMessage>(message: M, request: RequestInput<M>): Promise<ResponseOf<M>> {
    return this.rpc.call(message, request, { requestId: 'spec' });
  }

  async query<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.client.query(text, values)).rows as Row[];
  }

  /** Makes users whom every service knows something about. */
  users(count = 1): { userIds: string[]; addresses: { uid: string }[] } {
    const userIds = Array.from({ length: count }, () => uuidv7());
    const addresses = userIds.map((userId) => ({ uid: `uid-of-${userId}` }));
    userIds.forEach((userId, index) => this.services.add(userId, addresses[index]!.uid));
    return { userIds, addresses };
  }

  request(realmId: string, erasureId: string, users: { uid: string }[]) {
    return this.call(operations.requestErasure, { realmId, erasureId, users, requestedBy: 'somebody' });
  }

  async stateOf(realmId: string, erasureId: string): Promise<State> {
    return (await this.call(operations.getErasure, { realmId, jobId: erasureId })).state;
  }

  async done(realmId: string, erasureId: string, ms = 60_000): Promise<ErasureReceipt> {
    return eventually(async () => {
      const { state, receipt } = await this.call(operations.getErasure, { realmId, jobId: erasureId });
      if (state !== 'done' || receipt === null) throw new Error(`the erasure is ${state}`);
      return JSON.parse(receipt) as ErasureReceipt;
    }, ms);
  }

  /** The folder of mails that are written to files. */
  get mailFolder(): string {
    return join(this.dataDir, 'mail');
  }

  /** Resolves once the mail is finished. */
  async mailFinished(realmId: string, mailId: string, ms = 10_000) {
    return eventually(async () => {
      const { mails } = await this.call(operations.describeMails, { realmId, mailIds: [mailId] });
      if (mails[0] === undefined || mails[0].finishedAt === null) throw new Error(`the mail is ${mails[0]?.state ?? 'unknown'}`);
      return mails[0];
    }, ms);
  }

  async sweepMails(): Promise<void> {
    await this.app.get(RequeueMails, { strict: false }).requeue();
  }

  /** Runs the sweep as its schedule does. */
  async sweep(): Promise<void> {
    await this.app.get(RequeueErasures, { strict: false }).requeue();
  }

  /** Runs it at a time when whatever waits now has waited for so long. */
  async sweepAfter(minutes: number): Promise<void> {
    await this.query(`UPDATE erasures SET requested_at = requested_at - make_interval(mins => $1), attempted_at = attempted_at - make_interval(mins => $1) WHERE state <> 'done'`, [minutes]);
    await this.sweep();
  }

  /** Removes what is too old from the audit trail, as its schedule does. */
  async trimAudit(): Promise<void> {
    await this.app.get(TrimAudit, { strict: false }).trim();
  }

  /** Where something about the users is still held. */
  heldBy(userIds: string[]): ServiceName[] {
    return [...new Set(userIds.flatMap((userId) => [...this.services.user(userId).heldBy]))];
  }
}
