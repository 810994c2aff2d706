import type { AnyEventType } from '#libs/platform/messages';
import * as identity from './identity/events.js';
import * as membership from './membership/events.js';
import * as profiles from './profiles/events.js';

/** Every domain event there is, for whoever follows them all. */
export const allEvents: readonly AnyEventType[] = [...Object.values(identity), ...Object.values(membership), ...Object.values(profiles)];
