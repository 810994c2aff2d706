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

/** `token@host`, or `user:password@host`. */
function credentialsOf(address: URL | undefined): { token?: string; user?: string; pass?: string } {
  if (address === undefined || address.username === '') return {};
  const [user, pass] = [decodeURIComponent(address.username), decodeURIComponent(address.password)];
  return pass === '' ? { token: user } : { user, pass };
}
