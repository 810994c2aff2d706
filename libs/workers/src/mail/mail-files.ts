import { chmod, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MailTransport, type ComposedMail, type MailOutcome } from './mail-transport.js';

/**
 * Mails as `.eml` files, one each, for where there is no mail server: any mail program opens them. A file is named by the mail's
 * id, so that the table `mails` is their index: it says whose they are, and they go with their row.
 */
export class MailFiles extends MailTransport {
  /** Nobody but the disk is kept busy by them, and what is recorded of those that are written together shares statements. */
  readonly atOnce = 32;
  private folderMade: Promise<void> | undefined;

  constructor(readonly folder: string) {
    super();
  }

  async send({ mailId, message }: ComposedMail): Promise<MailOutcome> {
    try {
      this.folderMade ??= this.makeFolder();
      await this.folderMade;
      const draft = this.draftOf(mailId);
      await writeFile(draft, message, { mode: 0o600, flush: true });
      await rename(draft, this.fileOf(mailId));
      return { kind: 'sent' };
    } catch (error) {
      // Whatever it was, the next attempt looks after the folder again: somebody may have removed it.
      this.folderMade = undefined;
      const { code } = error as NodeJS.ErrnoException;
      return { kind: 'delayed', failure: /^[A-Z]{1,30}$/.test(code ?? '') ? String(code) : 'unknown' };
    }
  }

  private async makeFolder(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await chmod(this.folder, 0o700);
  }

  /** @returns how many there were */
  async remove(mailIds: readonly string[]): Promise<number> {
    const present = await this.present(mailIds);
    for (const mailId of mailIds) await rm(this.draftOf(mailId), { force: true });
    for (const mailId of present) await rm(this.fileOf(mailId), { force: true });
    return present.length;
  }

  async count(mailIds: readonly string[]): Promise<number> {
    return (await this.present(mailIds)).length;
  }

  private async present(mailIds: readonly string[]): Promise<string[]> {
    const found: string[] = [];
    for (const mailId of mailIds) {
      const isThere = await stat(this.fileOf(mailId)).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT') return false;
          throw error;
        },
      );
      if (isThere) found.push(mailId);
    }
    return found;
  }

  /** Where it is written first, so that a file with the right name is whole. */
  private draftOf(mailId: string): string {
    return join(this.folder, `.${mailId}.draft`);
  }

  private fileOf(mailId: string): string {
    return join(this.folder, `${mailId}.eml`);
  }
}
