const tasks: (() => Promise<void>)[] = [];

/** Has `task` run when the spec file is through, the latest first: a jest run ends by itself. */
export function onCleanUp(task: () => Promise<void>): void {
  tasks.push(task);
}

async function cleanUp(): Promise<void> {
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) await task();
}

// At the level of the file, and therefore after the spec's own hooks. By way of the global, because a global set-up
// imports this room too, and knows no hooks.
const { afterAll } = globalThis as { afterAll?: (hook: () => Promise<void>, timeoutMs: number) => void };
afterAll?.(cleanUp, 30_000);
