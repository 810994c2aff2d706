import { afterAll } from '@jest/globals';

// What a spec file asked for by `onCleanUp` (platform/testing). Here, because that room is loaded once a worker and hooks belong to a file.
const tasks = (globalThis[Symbol.for('rollcall.clean-up')] ??= []);

afterAll(async () => {
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) await task();
}, 30_000);
