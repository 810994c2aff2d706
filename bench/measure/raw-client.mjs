import { connect } from 'node:net';

/**
 * HTTP over one connection that is kept, with next to nothing around it: a load generator shares the machine's cores with what it measures.
 * One request at a time; answers must have a content-length.
 */
export class RawClient {
  /** @param {string} baseUrl */
  constructor(baseUrl) {
    const { hostname, port } = new URL(baseUrl);
    this.address = { host: hostname, port: Number(port), noDelay: true };
    this.host = `${hostname}:${port}`;
  }

  /** When the first request is sent, and again where the server has ended a connection that was idle. */
  open() {
    const socket = connect(this.address);
    this.received = '';
    socket.setEncoding('latin1').on('data', (part) => this.take(part)).on('error', (error) => this.fail(error)).on('close', () => {
      if (this.socket === socket) this.socket = undefined;
      this.fail(new Error('the connection was closed'));
    });
    return socket;
  }

  /**
   * A request as `send` takes it, made once by the caller.
   * @param {string} method @param {string} path
   * @param {{ headers?: Record<string, string>, body?: string }} [options] `body`: JSON
   */
  encode(method, path, { headers = {}, body } = {}) {
    const all = { host: this.host, ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }) };
    const lines = [`${method} ${path} HTTP/1.1`, ...Object.entries(all).map(([name, value]) => `${name}: ${value}`)];
    return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`);
  }

  /** @param {Buffer} request @returns {Promise<{ status: number, text: string }>} */
  send(request) {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket ??= this.open();
      this.socket.write(request);
    });
  }

  close() {
    this.waiting = undefined;
    this.socket?.destroy();
    this.socket = undefined;
  }

  take(part) {
    if (this.waiting === undefined) return this.close(); // the server says that it does not wait any longer
    this.received += part;
    const end = this.received.indexOf('\r\n\r\n');
    if (end === -1) return;
    const length = /\r\ncontent-length: *(\d+)/i.exec(this.received.slice(0, end + 2));
    if (length === null) return this.fail(new Error('an answer without content-length'));
    if (this.received.length < end + 4 + Number(length[1])) return;
    const answer = { status: Number(this.received.slice(9, 12)), text: this.received.slice(end + 4) };
    this.received = '';
    const { resolve } = this.waiting;
    this.waiting = undefined;
    resolve(answer);
  }

  fail(error) {
    this.waiting?.reject(error);
    this.waiting = undefined;
  }
}
