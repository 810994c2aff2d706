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

/** Every statement that the modules loaded so far declare, for specs that look at all of them. */
export function declaredStatements(): readonly Statement[] {
  return declared;
}
