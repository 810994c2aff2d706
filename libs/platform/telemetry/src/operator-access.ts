import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Who asks, as the socket and the headers say. */
export interface Asking {
  /** Of the peer itself. */
  address: string | undefined;
  headers: IncomingHttpHeaders;
}

/**
 * Whether somebody may see what is for operators: names of hosts, reasons of failures, figures. On this host, or with the
 * token as `Authorization: Bearer`. On this host means the peer itself: behind a proxy on this host is everybody.
 */
export function isOperator({ address = '', headers }: Asking, token: string | undefined): boolean {
  if (headers['x-forwarded-for'] === undefined && headers.forwarded === undefined && /^(127\.|::1$|::ffff:127\.)/.test(address)) return true;
  const given = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  if (given === undefined || token === undefined || token === '') return false;
  return timingSafeEqual(digest(given), digest(token));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
