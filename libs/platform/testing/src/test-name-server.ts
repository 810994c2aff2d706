import { createSocket, type Socket } from 'node:dgram';
import { onCleanUp } from './clean-up.js';

const [typeA, flagsAnswer, flagsNoSuchName] = [1, 0x8580, 0x8583];

/**
 * A DNS server that gives each name the IPv4 address that a spec says, and may say another each time. Its answers are good for no
 * second (TTL 0).
 */
export class TestNameServer {
  /** How often each name was asked for. */
  readonly asked = new Map<string, number>();
  private readonly names = new Map<string, (time: number) => string>();

  private constructor(private readonly socket: Socket) {
    socket.on('message', (question, { address, port }) => socket.send(this.answer(question), port, address));
  }

  /** @param address of this host, for others that ask at port 53 */
  static async start(address: string): Promise<TestNameServer> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => socket.once('error', reject).bind(53, address, resolve));
    onCleanUp(() => new Promise((resolve) => socket.close(() => resolve())));
    return new TestNameServer(socket);
  }

  /** @param address that the name has, or has the so manyth time that it is asked for, from 0 */
  set(name: string, address: string | ((time: number) => string)): void {
    this.names.set(name, typeof address === 'string' ? () => address : address);
    this.asked.set(name, 0);
  }

  private answer(question: Buffer): Buffer {
    const labels: string[] = [];
    let at = 12;
    for (let length = question[at]!; length > 0; length = question[at]!) {
      labels.push(question.toString('latin1', at + 1, at + 1 + length).toLowerCase());
      at += length + 1;
    }
    const name = labels.join('.');
    const end = at + 5; // of the question: behind its name, type and class
    const addressOf = this.names.get(name);
    const header = Buffer.from(question.subarray(0, 12));
    header.writeUInt16BE(addressOf === undefined ? flagsNoSuchName : flagsAnswer, 2);
    header.writeUInt16BE(1, 4);
    header.fill(0, 6);
    const rest = question.subarray(12, end);
    // Of IPv6, which is asked for beside it, there is nothing.
    if (addressOf === undefined || question.readUInt16BE(at + 1) !== typeA) return Buffer.concat([header, rest]);
    header.writeUInt16BE(1, 6);
    const time = this.asked.get(name) ?? 0;
    this.asked.set(name, time + 1);
    const record = Buffer.from([0xc0, 12, 0, typeA, 0, 1, 0, 0, 0, 0, 0, 4, ...addressOf(time).split('.').map(Number)]);
    return Buffer.concat([header, rest, record]);
  }
}
