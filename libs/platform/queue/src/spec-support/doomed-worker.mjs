// A worker that takes one job, says so, and never finishes it: it is there to be killed.
import { createPostgresBackend, Worker } from 'bullmq';
import pg from 'pg';

const [store, url, queue, times] = process.argv.slice(2);
const take = (job) => {
  process.stdout.write(`${job.id}\n`);
  return new Promise(() => undefined);
};
const settings = JSON.parse(times);
if (store === 'redis') new Worker(queue, take, { ...settings, prefix: 'rollcall', connection: { url } });
else new Worker(queue, take, { ...settings, connection: new pg.Pool({ connectionString: url, options: '-c search_path=bullmq' }) }, createPostgresBackend);
