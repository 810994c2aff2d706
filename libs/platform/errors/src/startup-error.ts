/**
 * Something the operator can mend: a wrong variable, a port in use, a folder that can't be written.
 * `message` is one whole sentence; the process prints it without a stack trace and exits with 1.
 */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}
