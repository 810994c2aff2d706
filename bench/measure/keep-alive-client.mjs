import { Agent, request } from 'node:http';

/**
 * A client that costs little: a load generator shares the machine's cores with what it measures, and `fetch` takes about a
 * millisecond of them for a request.
 */
export class KeepAliveClient {
  /** @param {string} baseUrl @param {number} connections */
  constructor(baseUrl, connections) {
    this.base = new URL(baseUrl);
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /**
   * @param {string} method @param {string} path
   * @param {{ headers?: Record<string, string>, body?: string }} [options] `body`: JSON, made once by the caller
   * @returns {Promise<{ status: number, text: string }>}
   */
  send(method, path, { headers = {}, body } = {}) {
    return new Promise((resolve, reject) => {
      const more = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const call = request({ agent: this.agent, host: this.base.hostname, port: this.base.port, method, path, headers: { ...headers, ...more } }, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('end', () => resolve({ status: answer.statusCode, text: Buffer.concat(parts).toString() }));
        answer.on('error', reject);
      });
      call.on('error', reject);
      call.end(body);
    });
  }

  close() {
    this.agent.destroy();
  }
}
