// One service in this process, over an embedded Postgres of its own in a folder for the time being.
import { NestFactory } from '@nestjs/core';
import pg from 'pg';
import { masterKeyConfig, readConfig } from '../../dist/libs/platform/config/src/index.js';
import { databaseConfig, serviceDatabaseUrl, startEmbeddedPostgres } from '../../dist/libs/platform/database/src/index.js';
import { EventsTransportModule } from '../../dist/libs/platform/events/src/index.js';
import { createLogger, Logger } from '../../dist/libs/platform/logging/src/index.js';
import { RpcClient, rpcConfig, RpcModule } from '../../dist/libs/platform/rpc/src/index.js';
import { Readiness, TelemetryModule } from '../../dist/libs/platform/telemetry/src/index.js';
import { temporaryFolder } from './end-in-order.mjs';

class BaseModule {}
class BenchModule {}
const silent = createLogger({ level: 'silent', format: 'json', service: 'bench' });

/**
 * @param {{ name: string, module: unknown, configs?: unknown[] }} service its name, its module, and the configuration it wants beside what all want
 * @returns `call(message, request)`, a client `sql` of the service's database without a time limit, and `stop()`
 */
export async function startService({ name, module, configs = [] }) {
  const dataDir = temporaryFolder('bench');
  const postgres = await startEmbeddedPostgres({ dataDir, log: silent });
  const serverUrl = new URL(postgres.url);
  serverUrl.pathname = '/bench';
  const { values } = readConfig([databaseConfig, rpcConfig, masterKeyConfig, ...configs], { DATABASE_URL: serverUrl.toString(), ROLLCALL_MASTER_KEY: 'a'.repeat(64), RPC_DEADLINE_MS: '60000' });
  const base = {
    module: BaseModule,
    global: true,
    providers: [...[...values].map(([provide, useValue]) => ({ provide, useValue })), { provide: Logger, useValue: silent }],
    exports: [...values.keys(), Logger],
  };
  const imports = [base, TelemetryModule, RpcModule.register('in-process'), EventsTransportModule.register('in-process'), module];
  const app = await NestFactory.createApplicationContext({ module: BenchModule, imports }, { logger: false, abortOnError: false });
  await app.get(Readiness).whenStarted();
  const sql = new pg.Client({ connectionString: serviceDatabaseUrl(serverUrl.toString(), name) });
  await sql.connect();
  const rpc = app.get(RpcClient, { strict: false });
  return {
    sql,
    call: (message, request) => rpc.call(message, request, { requestId: 'bench' }),
    async stop() {
      await sql.end();
      await app.close();
      await postgres.stop();
    },
  };
}
