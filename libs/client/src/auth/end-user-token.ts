import type { EndUserCalls } from '../api.data.js';
import { Single } from '../waiting.js';
import type { Auth, AuthHeaders } from './auth.js';
import { timesOf } from './token-times.js';

const marginMs = 30_000;

/**
 * A token that your application signed for its own user. Where you give a function, it is asked for a token at first, and
 * again before the last one ends or when it is refused: have it call your server.
 */
export function endUserToken(token: string | (() => string | Promise<string>)): Auth<EndUserCalls> {
  if (typeof token === 'string') return { headers: () => bearer(token) };
  return new EndUserToken(token);
}

class EndUserToken implements Auth<EndUserCalls> {
  private current: { token: string; renewAt: number } | undefined;
  private readonly asking = new Single(async () => {
    const token = await this.ask();
    const { expiresAt } = timesOf(token);
    this.current = { token, renewAt: expiresAt === undefined ? Number.POSITIVE_INFINITY : expiresAt * 1_000 - marginMs };
    return this.current;
  });

  constructor(private readonly ask: () => string | Promise<string>) {}

  async headers(): Promise<AuthHeaders> {
    const { token } = this.current !== undefined && this.current.renewAt > Date.now() ? this.current : await this.asking.run();
    return bearer(token);
  }

  renew({ authorization }: AuthHeaders): Promise<boolean> {
    if (authorization === bearer(this.current?.token ?? '')['authorization']) this.current = undefined;
    return Promise.resolve(true);
  }
}

function bearer(token: string): AuthHeaders {
  return { authorization: `Bearer ${token}` };
}
