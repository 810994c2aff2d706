/**
 * SQL that is true of every event, which the planner can't see: it takes it for true of one in two hundred. By statistics that are right it expects of each user as many
 * events in a partition as they have there on average; where one of them has nearly all of it, it would read the whole of it for each of the others, and not look them up by the key.
 * @param events the alias of `user_events`
 */
export const atAnyTime = (events: string) => `${events}.occurred_at BETWEEN (SELECT '-infinity'::timestamptz) AND (SELECT 'infinity'::timestamptz)`;
