import { Injectable } from '@nestjs/common';

/** What `/health/ready` says of one dependency. */
export interface DependencyState {
  name: string;
  ready: boolean;
  /** One sentence when it is not. */
  reason?: string;
}

interface Dependency {
  name: string;
  check: () => Promise<void>;
  started: Promise<void>;
}

const checkTimeoutMs = 2_000;

/** What this process cannot serve without: databases, bus, queue. Each part registers its own. */
@Injectable()
export class Readiness {
  private readonly dependencies: Dependency[] = [];

  /**
   * @param name as shown to the operator: `postgres:identity`, `nats`
   * @param check rejects with a reason while the dependency can't be used
   * @param started resolves when it could be used for the first time; rejects with a `StartupError` when it never will be
   */
  register(name: string, check: () => Promise<void>, started: Promise<void> = Promise.resolve()): void {
    started.catch(() => undefined); // whoever calls whenStarted() hears of it; nobody may be asking yet
    this.dependencies.push({ name, check, started });
  }

  /** Resolves once every dependency was usable for the first time, or each of those whose names are asked for. */
  async whenStarted(asked: (name: string) => boolean = () => true): Promise<void> {
    await Promise.all(this.dependencies.filter(({ name }) => asked(name)).map(({ started }) => started));
  }

  async check(): Promise<DependencyState[]> {
    return Promise.all(
      this.dependencies.map(async ({ name, check }) => {
        let timer: NodeJS.Timeout | undefined;
        try {
          const slow = new Promise<never>((_, reject) => {
            timer = setTimeout(() => reject(new Error(`no answer within ${checkTimeoutMs / 1_000} s`)), checkTimeoutMs);
          });
          await Promise.race([check(), slow]);
          return { name, ready: true };
        } catch (error) {
          return { name, ready: false, reason: error instanceof Error ? error.message : String(error) };
        } finally {
          clearTimeout(timer);
        }
      }),
    );
  }
}
