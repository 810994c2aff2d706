import { appendFileSync } from 'node:fs';
import { it } from '@jest/globals';
import type { ApiAnswer } from '#libs/platform/testing';
import { platform as given, running } from './platform-under-test.js';

/** The run's own platform, to be broken: the specs of faults come last (`faults-last.sequencer.mjs`). Leave it whole: `platform.restore()`. */
export const platform = running;
export const { topology } = given;

/** How often or how long: in `npm test`, and in `npm run test:faults`. The code is the same. */
export function sized<T>(short: T, whole: T): T {
  return given.faults === 'whole' ? whole : short;
}

/** What takes too long for `npm test`. */
export const itWhole = sized<(title: string, spec: () => Promise<void>, limitMs?: number) => void>(
  () => undefined,
  (title, spec, limitMs) => it(title, spec, limitMs),
);

/** A line of what `npm run test:faults` tells at its end. */
export function seen(what: string, figures: Readonly<Record<string, string | number>>): void {
  const told = Object.entries(figures).map(([name, value]) => `${name} ${value}`);
  if (given.faultsReport !== undefined) appendFileSync(given.faultsReport, `${what}: ${told.join(', ')}\n`);
}

/** Many clients at a time do the same. */
export async function atOnce(client: (number: number) => Promise<void>, clients = 20): Promise<void> {
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
}

/** What was answered, or status 0 where nothing was. */
export async function answerOf(request: Promise<ApiAnswer>): Promise<{ status: number; body: ApiAnswer['body'] }> {
  return request.catch(() => ({ status: 0, body: undefined }));
}

/** Seconds since, for people. */
export function secondsSince(start: number): number {
  return Math.round((performance.now() - start) / 100) / 10;
}
