/** Waits until `check` passes without throwing, and returns what it returns. @throws its last error after `ms` */
export async function eventually<T>(check: () => T | Promise<T>, ms = 30_000): Promise<T> {
  for (const deadline = Date.now() + ms; ; ) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
