import { v7 as uuidv7 } from 'uuid';
import { emailText, membership, systemActor } from '#libs/contracts';
import { isFailure, StartupError } from '#libs/platform/errors';
import type { RpcClient } from '#libs/platform/rpc';
import { PatientCalls } from './patient-calls.js';
import { readablePassword } from './readable-password.js';
import { ensureStaff, setStaffPassword } from './staff.js';

export interface ProductionOptions {
  /** Of the first super_admin. */
  email: string;
  displayName?: string;
  /** Tells the operator the password: called once, and nothing keeps it. Default: two lines on stdout. */
  announce?: (login: { email: string; password: string }) => void;
  /** How long to wait for services that are still starting, in milliseconds. */
  patienceMs?: number;
}

/**
 * Makes the first super_admin of a deployment, with no demo data. The role comes last: until somebody has it the command may
 * be given again, after a crash or for a password that was lost on the way, and from then on it is refused.
 * @throws StartupError when the address is none, or somebody has the role already
 */
export async function bootstrapProduction(rpc: RpcClient, { email, displayName = 'Administrator', announce = print, patienceMs = 60_000 }: ProductionOptions): Promise<void> {
  if (!emailText.safeParse(email).success) throw new StartupError('--email must be an e-mail address.');
  const calls = new PatientCalls(rpc, { requestId: `bootstrap-${uuidv7()}` }, patienceMs);
  // Asked before anything is touched: the password of somebody who is there already must not change.
  if ((await calls.call(membership.describeDeployment, {})).claimed) throw claimed();
  const userId = await ensureStaff(calls, { email, displayName });
  const password = readablePassword();
  await setStaffPassword(calls, userId, password);
  announce({ email, password });
  try {
    await calls.call(membership.claimDeployment, { userId, actor: systemActor });
  } catch (error) {
    throw isFailure(error, 'deployment-claimed') ? claimed() : error;
  }
}

/** Not by the logger: logs are kept. */
function print({ email, password }: { email: string; password: string }): void {
  process.stdout.write(`e-mail:   ${email}\npassword: ${password}\n`);
}

function claimed(): StartupError {
  return new StartupError('This deployment has a super_admin already: log in as that one, and invite others.');
}
