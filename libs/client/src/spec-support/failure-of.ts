import { isRollcallError, type RollcallError } from '../index.js';

export async function failureOf(call: Promise<unknown>): Promise<RollcallError> {
  const error = await call.then(() => undefined, (reason: unknown) => reason);
  if (!isRollcallError(error)) throw new Error(`expected a RollcallError, got ${String(error)}`);
  return error;
}
