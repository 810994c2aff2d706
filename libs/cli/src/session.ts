import type { Credentials } from './credentials.js';

/** What a login or a refresh answers, as far as the commands use it. */
export interface Tokens {
  access_token: string;
  /** Seconds. */
  expires_in: number;
  refresh_token: string;
}

export function sessionOf({ access_token: accessToken, expires_in, refresh_token: refreshToken }: Tokens): NonNullable<Credentials['session']> {
  return { accessToken, expiresAt: Math.floor(Date.now() / 1_000) + expires_in, refreshToken };
}
