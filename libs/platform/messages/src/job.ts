import type { z } from 'zod';

/** A kind of queue job. Its payload holds ids only: what a queue holds must not need to be erased from it. */
export interface JobType<Payload extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly queue: string;
  readonly payload: Payload;
}

export type AnyJobType = JobType;
export type JobPayloadOf<J extends AnyJobType> = z.output<J['payload']>;

export function defineJob<const Payload extends z.ZodType>(job: { name: string; queue: string; payload: Payload }): JobType<Payload> {
  return job;
}
