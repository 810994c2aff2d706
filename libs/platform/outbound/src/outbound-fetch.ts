import { lookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isInside } from './inside-addresses.js';

export interface OutboundOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Plain HTTP, and addresses of this host and of private networks, are reached too. Only where an operator has said so. */
  allowInside?: boolean;
  /** For the whole of it: resolving, connecting, the answer's last byte. */
  timeoutMs: number;
  /** Bytes of an answer; a longer one fails. */
  maxBytes: number;
  /** A longer answer does not fail: what is beyond is not read. */
  cutsAnswer?: boolean;
  /** How names are resolved. Default: as the system does. */
  resolve?: Resolve;
}

type Resolve = (host: string, options: LookupAllOptions, answer: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void) => void;

/** How long whoever enters an address waits for its name. */
const resolveWithinMs = 2_000;

/** The address is not one that may be asked. The message says why, in words for whoever entered the address. */
export class OutboundRefused extends Error {
  override readonly name = 'OutboundRefused';
}

/**
 * Asks an address that a user of Rollcall has entered. It must be `https` and lead to the public internet: the IP address
 * is checked when the connection is made, so that a name that changes its mind after a check gains nothing. Redirects
 * are answers like any other and are not followed.
 *
 * @throws OutboundRefused when the address may not be asked; TimeoutError when its answer is not there in time; Error when it
 *   can't be reached, answers too much, or something that is no HTTP
 */
export async function outboundFetch(address: string | URL, options: OutboundOptions): Promise<Response> {
  const url = new URL(address);
  const { allowInside = false } = options;
  assertMayBeAsked(url, allowInside);
  const { status, headers, body } = await send(url, options, allowInside);
  return new Response([101, 204, 205, 304].includes(status) ? null : Buffer.from(body), { status, headers });
}

/**
 * Tells whoever enters an address at once that it may not be asked, as far as that is known now: a name that nobody resolves
 * may be resolved later, and is looked at again whenever it is asked.
 *
 * @throws OutboundRefused
 */
export async function checkOutboundAddress(address: string | URL, { allowInside = false, resolve = lookup }: Pick<OutboundOptions, 'allowInside' | 'resolve'> = {}): Promise<void> {
  const url = new URL(address);
  assertMayBeAsked(url, allowInside);
  if (allowInside) return;
  const found = await new Promise<LookupAddress[]>((answer) => {
    setTimeout(answer, resolveWithinMs, []).unref();
    resolve(bare(url.hostname), { all: true }, (error, addresses) => answer(error === null ? addresses : []));
  });
  if (found.length > 0 && found.every((one) => isInside(one.address))) throw refusedAddress();
}

function assertMayBeAsked(url: URL, allowInside: boolean): void {
  if (url.protocol !== 'https:' && !(allowInside && url.protocol === 'http:')) throw new OutboundRefused('The address must begin with https://.');
  if (url.username !== '' || url.password !== '') throw new OutboundRefused('The address must not hold a user name or a password.');
  const host = bare(url.hostname);
  if (!allowInside && isIP(host) !== 0 && isInside(host)) throw refusedAddress();
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

async function send(url: URL, { method = 'GET', headers = {}, body, timeoutMs, maxBytes, cutsAnswer = false, resolve = lookup }: OutboundOptions, allowInside: boolean) {
  const ask = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const signal = AbortSignal.timeout(timeoutMs);
  // No agent that keeps connections: what was checked when a connection was made must not serve another request later.
  const outgoing = ask(url, { method, headers, agent: false, lookup: allowInside ? lookup : guarded(resolve), signal });
  const answered = answerTo(outgoing);
  outgoing.end(body);
  try {
    const answer = await answered;
    return { status: answer.statusCode ?? 502, headers: headersOf(answer), body: await bodyOf(answer, maxBytes, cutsAnswer) };
  } catch (error) {
    throw signal.aborted ? signal.reason : error; // in the middle of an answer it would look as if the other side had broken off
  } finally {
    outgoing.destroy();
  }
}

/** Settles in any case: of an answer that changes to another protocol (101) Node.js tells as an answer nothing, and as an error nothing either. */
function answerTo(outgoing: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once('response', resolve).on('error', reject);
    outgoing.once('close', () => reject(new Error('The connection was closed without an answer.')));
  });
}

/** Resolves as it is told to, and knows no address inside. */
const guarded = (resolve: Resolve): LookupFunction => (host, options, answer) => {
  resolve(host, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return answer(error, '', 0);
    const outside = addresses.filter(({ address }) => !isInside(address));
    if (outside.length === 0) return answer(refusedAddress(), '', 0);
    if (options.all === true) return (answer as (error: null, addresses: LookupAddress[]) => void)(null, outside);
    answer(null, outside[0]!.address, outside[0]!.family);
  });
};

async function bodyOf(answer: IncomingMessage, maxBytes: number, cuts: boolean): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes && cuts) break;
    if (length > maxBytes) throw new Error(`The answer is longer than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function headersOf(answer: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(answer.headersDistinct)) for (const value of values ?? []) headers.append(name, value);
  return headers;
}

function refusedAddress(): OutboundRefused {
  return new OutboundRefused('The address leads to this host or into a private network.');
}
