import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime, { type Email } from 'postal-mime';
import { eventually } from '#libs/platform/testing';
import { platform } from './platform-under-test.js';

/** The mails that were written to files for the address, oldest first: their names are UUIDv7. */
export async function mailsTo(address: string): Promise<Email[]> {
  const folder = join(platform.dataDir, 'mail');
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml')).sort();
  const mails = await Promise.all(names.map(async (name) => PostalMime.parse(await readFile(join(folder, name)))));
  return mails.filter(({ to }) => to?.some((mailbox) => mailbox.address?.toLowerCase() === address.toLowerCase()) ?? false);
}

/** Waits for the mail with a link of that number, the first being 1. @returns it, and the token of its link */
export async function mailWithToken(address: string, number = 1): Promise<{ mail: Email; token: string }> {
  return eventually(async () => {
    const mail = (await mailsTo(address)).filter(({ text }) => text?.includes('?token='))[number - 1];
    const [, token] = /\?token=([\w-]+)/.exec(mail?.text ?? '') ?? [];
    if (mail === undefined || token === undefined) throw new Error(`there is no mail ${number} to ${address} with a link`);
    return { mail, token };
  }, 90_000);
}
