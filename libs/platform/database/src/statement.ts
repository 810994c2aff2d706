/** SQL with a name under which each connection prepares it once. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

const declared: Statement[] = [];

/** Declares a prepared statement, once for a process: not in a function. Names are unique in a service: `users.get`. */
export function sql(name: string, text: string): Statement {
  const statement = { name, text };
  declared.push(statement);
  return statement;
}

/**
 * SQL that a column which begins several indexes is compared with, such as a realm: `realm_id = ${oneOf('$1')}`, one value, of which the planner sees only that it is in
 * an array, and takes it for ten. By statistics of a time when each realm had one user, it would expect one row of a realm, and as soon go through the whole of it by any
 * index that begins with the realm as look one up by the key that was meant; of ten it takes the key.
 */
export const oneOf = (value: string) => `ANY (ARRAY(SELECT ${value}))`;

/** Every statement that the modules loaded so far declare, for specs that look at all of them. */
export function declaredStatements(): readonly Statement[] {
  return declared;
}
