/**
 * How every connection to NATS is made: for as long as it takes, and noticed when it leads nowhere. What TCP believes to be
 * connected may be gone at the other end; two pings without an answer are the end of it.
 */
export function natsOptions(url: string | undefined) {
  return { servers: url, timeout: 3_000, pingInterval: 2_000, maxPingOut: 2, maxReconnectAttempts: -1, reconnectTimeWait: 500, waitOnFirstConnect: true };
}
