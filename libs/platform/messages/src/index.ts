export { compiled } from './compiled.js';
export { defineMessage, type AnyMessage, type CallContext, type CallOrigin, type IdempotencyKey, type Message, type RequestInput, type RequestOf, type ResponseOf } from './message.js';
export { defineEvent, type AnyEventType, type DomainEvent, type EventDataOf, type EventType } from './event.js';
export { defineJob, type AnyJobType, type JobPayloadOf, type JobType } from './job.js';
