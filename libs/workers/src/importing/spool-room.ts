import { Inject, Injectable } from '@nestjs/common';
import { operations } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import { Database } from '#libs/platform/database';
import { importsConfig } from './imports.config.js';
import { ImportsRepository } from './imports.repository.js';

const megabyte = 1024 * 1024;
const freshMs = 1_000;

/**
 * Room for files that are not written yet, of all projects. How much there is of them is asked beside the requests, about every second while parts come, and what has come here since is added:
 * the question goes through all projects, and no part waits for it. So a bit more comes in than there is room for, where several processes take parts in.
 */
@Injectable()
export class SpoolRoom {
  private known: number | undefined;
  private since = 0;
  private freshUntil = 0;
  private asked: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly imports: ImportsRepository,
    @Inject(importsConfig.token) private readonly config: ConfigValues<typeof importsConfig>,
  ) {}

  get largestFileMib(): number {
    return this.config.IMPORT_MAX_MB;
  }

  /** @param bytes that are about to come; 0: whether there is any room @throws Failure `imports-full` */
  async take(bytes: number): Promise<void> {
    if (Date.now() >= this.freshUntil) this.asked ??= this.ask().finally(() => (this.asked = undefined));
    if (this.known === undefined) await this.asked;
    else this.asked?.catch(() => undefined); // whoever writes next hears of it
    const most = this.config.IMPORT_SPOOL_MAX_MB * megabyte;
    const there = (this.known ?? 0) + this.since;
    if (there >= most || there + bytes > most) {
      throw operations.operationsErrors.failure('imports-full', 'Files of this deployment that are not written yet take all the room that there is for them: try again later.', { retryAfter: 60 });
    }
    this.since += bytes;
  }

  private async ask(): Promise<void> {
    const { since } = this;
    this.known = await this.imports.spooledBytes(this.database);
    this.since -= since;
    this.freshUntil = Date.now() + freshMs;
  }
}
