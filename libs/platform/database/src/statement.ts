/** SQL with a name under which each connection prepares it once. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Declares a prepared statement. Names are unique in a service: `users.get`. */
export function sql(name: string, text: string): Statement {
  return { name, text };
}
