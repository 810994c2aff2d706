import { Injectable } from '@nestjs/common';
import { operations } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { GetErasure } from './get-erasure.js';
import { RequestErasure } from './request-erasure.js';
import { ScheduleErasure } from './schedule-erasure.js';

@Injectable()
export class ErasureMessages {
  constructor(
    private readonly requestErasure: RequestErasure,
    private readonly getErasure: GetErasure,
    private readonly scheduleErasure: ScheduleErasure,
  ) {}

  @Handles(operations.requestErasure)
  async request(...[request, context]: HandlerArguments<typeof operations.requestErasure>) {
    return this.requestErasure.request(request, context);
  }

  @Handles(operations.takeUpErasure)
  async takeUp(...[request, context]: HandlerArguments<typeof operations.takeUpErasure>) {
    await this.scheduleErasure.schedule({ ...request, requestId: context.requestId }, context);
    return {};
  }

  @Handles(operations.getErasure)
  async get(...[request]: HandlerArguments<typeof operations.getErasure>) {
    return this.getErasure.get(request);
  }
}
