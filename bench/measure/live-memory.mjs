// Loaded before the main of a process that is measured: it collects its garbage every now and then, and tells what is left. Memory that rises until it is
// collected, some time, says nothing of whether a process grows.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const everyMs = 30_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
setInterval(() => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.({ liveBytes: heapUsed + external });
}, everyMs).unref();
