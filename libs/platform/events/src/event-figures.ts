import { Injectable } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { Metrics } from '#libs/platform/telemetry';
import { readEventGauges } from './event-gauges.js';

/** Tells of a service's outbox and dead letters. Every replica tells the same: they are in the database. */
@Injectable()
export class EventFigures {
  constructor(database: Database, metrics: Metrics) {
    const of = { database: database.service };
    const unpublished = metrics.gauge('rollcall_outbox_unpublished', 'Events that are committed and not yet published', ['database']);
    const lag = metrics.gauge('rollcall_outbox_lag_seconds', 'Age of the oldest event that is not yet published', ['database']);
    const deadLetters = metrics.gauge('rollcall_dead_letters', 'Events that were given up and wait for somebody', ['database']);
    metrics.readWhenAsked({
      read: async () => {
        const figures = await readEventGauges(database);
        unpublished.set(of, figures.unpublished);
        lag.set(of, figures.oldestUnpublishedSeconds);
        deadLetters.set(of, figures.deadLetters);
      },
      forget: () => [unpublished, lag, deadLetters].forEach((gauge) => gauge.remove(of)),
    });
  }
}
