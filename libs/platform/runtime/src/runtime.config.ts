import { z } from 'zod';
import { defineConfig, httpUrl, port } from '#libs/platform/config';

export const runtimeConfig = defineConfig(
  'runtime',
  {
    PORT: port().default(3_000).describe('Port of the HTTP API; 0: any free one'),
    HOST: z.string({ error: 'must be a host name or an IP address' }).min(1).default('127.0.0.1').describe('Address to listen on; 0.0.0.0 to be reached from other hosts'),
    PUBLIC_URL: httpUrl().optional().describe('The address that clients use, for the links in documents; default: made of HOST and PORT'),
    ROLLCALL_DATA_DIR: z.string().min(1).default('./.rollcall').describe('Folder of the embedded PostgreSQL, the master key and demo.json'),
    HEALTH_TOKEN: z.string().min(16, 'must have at least 16 characters').optional().describe('Bearer token that shows /metrics and the details of /health/ready to callers from other hosts'),
    HEALTH_PORT: port().optional().describe('Port on which a service without HTTP API answers /health/live, /health/ready and /metrics; default: none'),
  },
  ({ HOST, PUBLIC_URL, HEALTH_PORT }) =>
    HOST === '0.0.0.0' && PUBLIC_URL === undefined && HEALTH_PORT === undefined
      ? [{ message: 'PUBLIC_URL is not set', explain: 'HOST is 0.0.0.0, so other hosts may call; links in documents will name this machine’s loopback address.' }]
      : [],
);
