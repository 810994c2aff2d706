import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { FindSuppressions } from './find-suppressions.js';
import { LiftSuppression } from './lift-suppression.js';

@Injectable()
export class SuppressionMessages {
  constructor(
    private readonly findSuppressions: FindSuppressions,
    private readonly liftSuppression: LiftSuppression,
  ) {}

  @Handles(profiles.listSuppressions)
  async list(...[request]: HandlerArguments<typeof profiles.listSuppressions>) {
    return this.findSuppressions.page(request);
  }

  @Handles(profiles.checkSuppression)
  async check(...[request]: HandlerArguments<typeof profiles.checkSuppression>) {
    return this.findSuppressions.check(request);
  }

  @Handles(profiles.liftSuppression)
  async lift(...[request, context]: HandlerArguments<typeof profiles.liftSuppression>) {
    await this.liftSuppression.execute(request, context);
    return {};
  }
}
