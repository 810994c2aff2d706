import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { rpcConfig } from './rpc.config.js';
import { eventually, freePort, onCleanUp, provisioning, testCertificate, testFolder } from '#libs/platform/testing';
import { natsOptions } from './nats-options.js';

const impatient = { waitOnFirstConnect: false, reconnect: false, timeout: 2_000 };

/** A real server that lets nobody in without credentials, and speaks nothing but TLS. @returns its port */
async function lockedServer(authorization: string): Promise<number> {
  await provisioning();
  const [folder, port] = [await testFolder('locked-nats'), await freePort()];
  for (const [name, text] of Object.entries({ 'certificate.pem': testCertificate.certificate, 'key.pem': testCertificate.key })) writeFileSync(join(folder, name), text);
  const file = join(folder, 'nats-server.conf');
  writeFileSync(file, `host: "127.0.0.1"\nport: ${port}\nauthorization { ${authorization} }\ntls { cert_file: "${join(folder, 'certificate.pem')}", key_file: "${join(folder, 'key.pem')}" }\n`);
  const server = spawn('nats-server', ['--config', file], { stdio: 'ignore' });
  onCleanUp(async () => void server.kill());
  return port;
}

async function connecting(url: string): Promise<void> {
  const options = natsOptions(url);
  const connection = await connect({ ...options, ...impatient, tls: { ...options.tls, ca: testCertificate.authority } });
  await connection.flush();
  await connection.close();
}

describe('natsOptions', () => {
  let port: number;
  beforeAll(async () => {
    port = await lockedServer('user: "rollcall", password: "p@ss w:rd"');
    await eventually(() => connecting(`tls://rollcall:p%40ss%20w%3Ard@127.0.0.1:${port}`));
  });

  it('takes user and password from the address, and any server of the cluster that is there', async () => {
    await connecting(`tls://rollcall:p%40ss%20w%3Ard@127.0.0.1:1,tls://rollcall:p%40ss%20w%3Ard@127.0.0.1:${port}`);
    await expect(connecting(`tls://rollcall:wrong@127.0.0.1:${port}`)).rejects.toThrow(/Authorization/);
  });

  it('takes a token from the address', () => {
    expect(natsOptions('nats://s3cret@one:4222,nats://s3cret@two:4223')).toMatchObject({ servers: ['one:4222', 'two:4223'], token: 's3cret' });
    expect(natsOptions('nats://one')).not.toHaveProperty('tls');
  });
});

describe('NATS_URL', () => {
  const mistake = (value: string) => rpcConfig.shape.NATS_URL.safeParse(value).error?.issues[0]?.message;

  it('is one address or those of a cluster, with the same credentials', () => {
    expect(mistake('nats://user:pass@one:4222,nats://user:pass@two:4222')).toBeUndefined();
    for (const wrong of ['one:4222', 'nats://one:4222,', 'nats://one:4222,http://two', 'nats://user:pass@one,nats://other:pass@two', 'nats://one,tls://two']) {
      expect([wrong, mistake(wrong)]).toEqual([wrong, 'must be nats:// or tls:// addresses, separated by commas, all of one user']);
    }
  });
});
