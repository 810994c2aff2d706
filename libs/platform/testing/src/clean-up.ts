/** Where the tasks are. On purpose not in this module: `tools/jest-worker/clean-up.mjs` takes them from there, and imports nothing of ours. */
const place = Symbol.for('rollcall.clean-up');
const tasks = ((globalThis as { [place]?: (() => Promise<void>)[] })[place] ??= []);

/** Has `task` run when the spec file is through, the latest first: a jest run ends by itself. */
export function onCleanUp(task: () => Promise<void>): void {
  tasks.push(task);
}
