/** The same as `StartupError` of libs/platform/errors, for what runs before anything is built: one sentence for the operator. */
export class StartupError extends Error {
  name = 'StartupError';
}

/** Runs a tool; a `StartupError` ends the process with its sentence alone, anything else is our mistake and shows its stack. */
export async function runOrExplain(work) {
  try {
    await work();
  } catch (error) {
    console.error(error?.name === 'StartupError' ? `rollcall: ${error.message}` : error);
    process.exit(1);
  }
}
