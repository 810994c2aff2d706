import { Injectable } from '@nestjs/common';
import { membership, operations } from '#libs/contracts';
import { EventConsumers } from '#libs/platform/events';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { CancelImport } from './cancel-import.js';
import { FindImports } from './find-imports.js';
import { ImportQueue } from './import-queue.js';
import { ImportsRepository } from './imports.repository.js';
import { ReceiveImport } from './receive-import.js';

@Injectable()
export class ImportsMessages {
  constructor(
    private readonly receive: ReceiveImport,
    private readonly queue: ImportQueue,
    private readonly findImports: FindImports,
    private readonly cancelImport: CancelImport,
    imports: ImportsRepository,
    consumers: EventConsumers,
  ) {
    consumers.on('imports', membership.projectDeleted, ({ data: { projectId } }, commit) => commit((tx) => imports.endAll(tx, projectId)));
  }

  @Handles(operations.beginImport)
  async begin(...[request, context]: HandlerArguments<typeof operations.beginImport>) {
    return { mostBytes: await this.receive.begin(request, context) };
  }

  @Handles(operations.appendToImport)
  async append(...[request]: HandlerArguments<typeof operations.appendToImport>) {
    await this.receive.append(request);
    return {};
  }

  @Handles(operations.submitImport)
  async submit(...[request, context]: HandlerArguments<typeof operations.submitImport>) {
    const job = await this.receive.submit(request, context);
    if (job.finishedAt === null) await this.queue.add(request.projectId, context.requestId);
    return job;
  }

  @Handles(operations.abandonImport)
  async abandon(...[request]: HandlerArguments<typeof operations.abandonImport>) {
    await this.receive.abandon(request);
    return {};
  }

  @Handles(operations.listImports)
  async list(...[request]: HandlerArguments<typeof operations.listImports>) {
    return this.findImports.list(request);
  }

  @Handles(operations.getImport)
  async get(...[request]: HandlerArguments<typeof operations.getImport>) {
    return this.findImports.get(request);
  }

  @Handles(operations.readImportErrors)
  async errors(...[request]: HandlerArguments<typeof operations.readImportErrors>) {
    return this.findImports.errors(request);
  }

  @Handles(operations.cancelImport)
  async cancel(...[request, context]: HandlerArguments<typeof operations.cancelImport>) {
    return this.cancelImport.cancel(request, context);
  }
}
