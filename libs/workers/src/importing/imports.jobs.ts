import { Injectable } from '@nestjs/common';
import { runImportsJob } from '#libs/contracts';
import { Jobs } from '#libs/platform/queue';
import { ScheduledWork } from '../schedules/scheduled-work.js';
import { ImportQueue } from './import-queue.js';
import { RunImports } from './run-imports.js';
import { SweepImports } from './sweep-imports.js';

@Injectable()
export class ImportsJobs {
  constructor(jobs: Jobs, scheduled: ScheduledWork, runImports: RunImports, sweepImports: SweepImports, queue: ImportQueue) {
    jobs.handle(runImportsJob, async ({ projectId }, { requestId }) => {
      if (await runImports.run(projectId, { requestId })) await queue.add(projectId, requestId);
    });
    scheduled.add({ name: 'requeue-imports', everyMs: 5_000, does: 'Makes jobs for imports that nobody works on' }, ({ requestId }) => sweepImports.requeue(requestId));
    scheduled.add({ name: 'clear-imports', everyMs: 60_000, does: 'Gives up files that are not coming any more, and removes those of imports that have ended' }, () => sweepImports.clear());
    scheduled.add({ name: 'trim-imports', everyMs: 3_600_000, does: 'Removes what is known of imports that ended longer ago than IMPORT_RETENTION' }, () => sweepImports.trim());
  }
}
