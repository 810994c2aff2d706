import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime, { type Email } from 'postal-mime';
import { eventually } from './eventually.js';

/** The mails that a Rollcall without mail server has written below its data folder. */
export class MailFolder {
  private readonly folder: string;

  constructor(dataDir: string) {
    this.folder = join(dataDir, 'mail');
  }

  /** Those to an address, oldest first. */
  async to(address: string): Promise<Email[]> {
    const names = (await readdir(this.folder).catch(() => [])).filter((name) => name.endsWith('.eml')).sort();
    const mails = await Promise.all(names.map(async (name) => PostalMime.parse(await readFile(join(this.folder, name)))));
    return mails.filter((mail) => mail.to?.some((to) => to.address === address));
  }

  /** Waits for the newest mail to the address whose subject fits. */
  async wait(address: string, subject: RegExp): Promise<Email> {
    return eventually(async () => {
      const mail = (await this.to(address)).filter((one) => subject.test(one.subject ?? '')).at(-1);
      if (mail === undefined) throw new Error(`no mail to ${address} says ${subject}`);
      return mail;
    }, 20_000);
  }

  /** The token in the link of that mail. */
  async token(address: string, subject: RegExp): Promise<string> {
    const token = /[?&]token=([\w%]+)/.exec((await this.wait(address, subject)).text ?? '')?.[1];
    if (token === undefined) throw new Error('the mail has no link with a token');
    return decodeURIComponent(token);
  }
}
