import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { StartupError } from '#libs/platform/errors';

const login = z.object({ email: z.string(), password: z.string() });
const client = z.object({ client_id: z.string(), client_secret: z.string() });

/** `demo.json`: all that somebody needs to try Rollcall on their own machine. */
export const demoFile = z.object({
  url: z.string(),
  org: z.object({ id: z.string(), slug: z.string() }),
  project: z.object({ id: z.string(), slug: z.string() }),
  /** An org_admin: for `/v1/auth/login` and the console. */
  admin: login,
  /** The same rights, for `X-API-Key`. */
  apiKey: z.string(),
  /** The deployment's: creates organisations. */
  superAdmin: login.extend({ apiKey: z.string() }),
  /** Basic auth of the engagement surface. */
  engagement: z.object({ key: z.string(), secret: z.string() }),
  /** Client credentials of the environment surface. */
  environment: z.object({ events: client, workbench: client }),
});
export type DemoFile = z.output<typeof demoFile>;

export function demoFilePath(dataDir: string): string {
  return join(dataDir, 'demo.json');
}

/**
 * Undefined where there is none.
 * @throws StartupError for a file that is not what we write: it is the user's, so it is not overwritten
 */
export async function readDemoFile(path: string): Promise<DemoFile | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new StartupError(`${path} can't be read: ${(error as Error).message}.`);
  }
  try {
    // Loose: what somebody has added stays when the address is rewritten.
    return demoFile.loose().parse(JSON.parse(text));
  } catch {
    throw new StartupError(`${path} is damaged: move it away, and the next start makes a new one with new passwords and keys.`);
  }
}

/**
 * Makes the folder where it is missing.
 * @throws StartupError when the file could not be written: known before there are secrets that only the file would keep
 */
export async function requireWritable(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    throw new StartupError(`${path} can't be written: ${(error as Error).message}.`);
  }
}

/** Writes the file whole or not at all, readable by its owner only. */
export async function writeDemoFile(path: string, content: DemoFile): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    await writeDurably(draft, `${JSON.stringify(content, null, 2)}\n`);
    await rename(draft, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw new StartupError(`${path} can't be written: ${(error as Error).message}.`);
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the rename itself survive a power cut. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
