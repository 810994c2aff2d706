import type { Transport } from '../transport.js';

export type AuthHeaders = Readonly<Record<string, string>>;

/** What credentials get of the client that they are given to. */
export interface AuthContext {
  transport: Transport;
  /** The client's `project`. */
  project: string | undefined;
}

/** How a client says who calls. The type says which calls that opens. */
export interface Auth<Calls> {
  /** Says nothing at run time. */
  readonly calls?: Calls;
  /** Called once, by the client that these credentials are for. */
  connect?(context: AuthContext): void;
  /** Headers of the next request. */
  headers(): AuthHeaders | Promise<AuthHeaders>;
  /** After a 401. @returns whether another try with new headers may be let in */
  renew?(rejected: AuthHeaders): Promise<boolean>;
}
