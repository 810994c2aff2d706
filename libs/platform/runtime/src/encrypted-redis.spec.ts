import { spawn, type ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { checkoutFolder, eventually, freePort, onCleanUp, provisioning, selfSignedCertificate, testCertificate, testFolder, testRedis } from '#libs/platform/testing';

const password = 's3cret:p@ss';
let folder: string;
let address: string;
let authority: string;

const fileOf = (name: string) => join(folder, name);

/** A real server that takes TLS and nothing else. @returns its port */
async function encryptedRedis(): Promise<number> {
  await provisioning();
  const port = await freePort();
  const files = { 'authority.pem': testCertificate.authority, 'certificate.pem': testCertificate.certificate, 'key.pem': testCertificate.key, 'other-certificate.pem': selfSignedCertificate.certificate, 'other-key.pem': selfSignedCertificate.key };
  for (const [name, text] of Object.entries(files)) await writeFile(fileOf(name), text);
  const tls = ['--tls-port', String(port), '--tls-cert-file', fileOf('certificate.pem'), '--tls-key-file', fileOf('key.pem'), '--tls-ca-cert-file', fileOf('authority.pem'), '--tls-auth-clients', 'no'];
  const server = spawn('redis-server', ['--port', '0', '--bind', '127.0.0.1', ...tls, '--requirepass', password, '--save', '', '--maxmemory-policy', 'noeviction', '--dir', folder], { stdio: 'ignore' });
  onCleanUp(async () => void server.kill());
  return port;
}

interface State {
  redis: { name: string; ready: boolean; reason?: string };
  limits: boolean;
  jobs: number;
}

/** A process with the queue and the request limits of `REDIS_URL`. */
class OnRedis {
  readonly log: { level: number; msg: string; err?: { message: string } }[] = [];
  state: State | undefined;

  constructor(url: string, trusted: string | undefined) {
    const child: ChildProcess = spawn(process.execPath, [join(checkoutFolder, 'dist/libs/platform/runtime/src/spec-support/on-redis.js')], {
      env: { REDIS_URL: url, ...(trusted === undefined ? {} : { NODE_EXTRA_CA_CERTS: trusted }) },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    onCleanUp(async () => void child.kill('SIGKILL'));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const said = JSON.parse(line) as State | (typeof this.log)[number];
      if ('msg' in said) this.log.push(said);
      else this.state = said;
    });
  }

  /** A process of its own takes its time to start on a machine that is busy. */
  async started(): Promise<this> {
    await eventually(() => expect(this.state).toBeDefined(), 90_000);
    return this;
  }

  async serves(): Promise<void> {
    const before = this.state?.jobs ?? 0;
    await eventually(() => expect(this.state).toMatchObject({ redis: { name: 'redis', ready: true }, limits: true }));
    await eventually(() => expect(this.state!.jobs).toBeGreaterThan(before));
  }

  /** It goes on without Redis, and the workers' part says why. */
  async saysWhy(reason: RegExp): Promise<void> {
    await eventually(() => expect(this.log).toContainEqual(expect.objectContaining({ msg: 'the job queue is in trouble, trying again', err: expect.objectContaining({ message: expect.stringMatching(reason) }) })));
    await eventually(() => expect(this.state).toMatchObject({ redis: { ready: false }, limits: false, jobs: 0 }));
  }
}

describe('services whose address of Redis asks for TLS', () => {
  beforeAll(async () => {
    folder = await testFolder('encrypted-redis');
    address = `127.0.0.1:${await encryptedRedis()}`;
    authority = fileOf('authority.pem');
  });

  const secret = encodeURIComponent(password);

  it('run jobs and count requests with a server whose authority NODE_EXTRA_CA_CERTS names, are without it while its certificate is another, and with it again', async () => {
    const service = await new OnRedis(`rediss://:${secret}@${address}`, authority).started();
    await service.serves();
    const admin = new Redis(`rediss://:${secret}@${address}`, { tls: { rejectUnauthorized: false } });
    const use = async (name: string) => {
      await admin.call('CONFIG', 'SET', 'tls-cert-file', fileOf(`${name}certificate.pem`), 'tls-key-file', fileOf(`${name}key.pem`));
      // Only a new connection sees it.
      await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    };
    await use('other-');
    await eventually(() => expect(service.state).toMatchObject({ redis: { ready: false }, limits: false }));
    await use('');
    await service.serves();
    admin.disconnect();
  });

  it('say of a certificate from nobody they know that it is not trusted, and try again', async () => {
    await (await new OnRedis(`rediss://:${secret}@${address}`, undefined).started()).saysWhy(/self-signed certificate in certificate chain/);
  });

  it('say of a wrong password that it is wrong, and try again', async () => {
    await (await new OnRedis(`rediss://:wrong@${address}`, authority).started()).saysWhy(/WRONGPASS/);
  });

  it('say of a server without TLS that no connection comes about, and try again', async () => {
    const plain = await testRedis();
    await (await new OnRedis(plain.url.replace('redis:', 'rediss:'), authority).started()).saysWhy(/ETIMEDOUT/);
  });
});
