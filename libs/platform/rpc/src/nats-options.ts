/**
 * How every connection to NATS is made: for as long as it takes, and noticed when it leads nowhere. What TCP believes to be
 * connected may be gone at the other end; two pings without an answer are the end of it.
 * @param urls `NATS_URL`. The client takes no credentials from an address, and speaks TLS where the server does unless it has to.
 */
export function natsOptions(urls: string | undefined) {
  const addresses = (urls ?? '').split(',').filter((address) => address !== '').map((address) => new URL(address));
  const [first] = addresses;
  return {
    servers: first === undefined ? undefined : addresses.map(({ host }) => host),
    ...credentialsOf(first),
    ...(first?.protocol === 'tls:' ? { tls: {} } : {}),
    timeout: 3_000,
    pingInterval: 2_000,
    maxPingOut: 2,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    waitOnFirstConnect: true,
  };
}

/**
 * Of a connection that is never given up: without it the client closes for good when the server has refused its credentials twice, as it
 * does while its accounts are changed or not read yet.
 */
export function lastingNatsOptions(urls: string | undefined) {
  return { ...natsOptions(urls), ignoreAuthErrorAbort: true };
}

/** Codes of Node.js and OpenSSL for a certificate that is not trusted. */
const untrusted = /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|ERR_TLS_|ERR_SSL_|ERR_OSSL_)/;

/** @returns what is wrong with `NATS_URL` when the server is there and can't be used by it, in one sentence; undefined for what may pass */
export function refusalOf(error: unknown): string | undefined {
  const { name, message = '', code = '' } = Object(error) as Partial<Error & { code: string }>;
  if (name === 'AuthorizationError') return `NATS_URL is refused by NATS: ${message}.`;
  if (untrusted.test(code) || message.includes("does not support 'tls'")) return `NATS_URL asks for an encrypted connection that NATS does not give: ${message}.`;
  return undefined;
}

/** `token@host`, or `user:password@host`. */
function credentialsOf(address: URL | undefined): { token?: string; user?: string; pass?: string } {
  if (address === undefined || address.username === '') return {};
  const [user, pass] = [decodeURIComponent(address.username), decodeURIComponent(address.password)];
  return pass === '' ? { token: user } : { user, pass };
}
