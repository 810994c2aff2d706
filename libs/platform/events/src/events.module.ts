import { Module, type DynamicModule } from '@nestjs/common';
import { DeadLetters } from './dead-letters.js';
import { EventConsumers, eventsServiceName } from './event-consumers.js';
import { EventFigures } from './event-figures.js';
import { Outbox } from './outbox.js';
import { Relay } from './relay.js';

/** Gives a service its outbox and its event consumers, and relays its outbox. */
@Module({})
export class EventsModule {
  /**
   * @param service `profiles`: part of the names under which a broker remembers its consumers
   * @param database the very object that the service imports itself: the same object is the same database
   */
  static forService({ service, database }: { service: string; database: DynamicModule }): DynamicModule {
    return {
      module: EventsModule,
      imports: [database],
      providers: [{ provide: eventsServiceName, useValue: service }, Relay, Outbox, EventConsumers, EventFigures, DeadLetters],
      exports: [Outbox, EventConsumers, DeadLetters],
    };
  }
}
