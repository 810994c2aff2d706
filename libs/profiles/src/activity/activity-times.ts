/** SQL: a time as it stands among a user's activity: ISO 8601 in UTC with milliseconds, whose order as text is that of time. */
const activityTime = (timestamp: string) => `to_char(${timestamp} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/**
 * SQL, an aggregate: the fields of events as one object; null where there are none.
 * @param span the alias of rows with `event`, `first` and `last`
 * @param which says of a row whether it counts
 */
export function activityOf(span: string, which = 'true'): string {
  const times = (side: 'first' | 'last') => `jsonb_object_agg('${side}_' || ${span}.event || '_at', ${activityTime(`${span}.${side}`)}) FILTER (WHERE ${which})`;
  return `${times('first')} || ${times('last')}`;
}

/** SQL: a user's activity with such fields; times that are there stay where they are earlier, or later. */
export function withActivity(present: string, fields: string): string {
  const before = `(${present} ->> field.key) COLLATE "C"`;
  return `${present} || (SELECT jsonb_object_agg(field.key, CASE WHEN starts_with(field.key, 'first_') THEN least(${before}, field.value) ELSE greatest(${before}, field.value) END) FROM jsonb_each_text(${fields}) AS field)`;
}
