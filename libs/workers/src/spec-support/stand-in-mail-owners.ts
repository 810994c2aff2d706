import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { getMail, identity, membership, type MailContent, type MailOwner, type MailToSend } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { platformErrors } from '#libs/platform/errors';
import { event, Outbox } from '#libs/platform/events';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';

/** The services that have mails sent, in memory; their events are real. */
@Injectable()
export class StandInMailOwners {
  readonly mails = new Map<string, MailToSend | null>();
  readonly projectNames = new Map<string, string>();
  /** `mail_link_base` of projects that have one. */
  readonly linkBases = new Map<string, string>();
  /** Whose projects they are, where that matters. */
  readonly organisations = new Map<string, string>();
  /** Whether they answer. */
  away = false;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  /** Has a mail sent, as a service does. @returns its id */
  async request(realmId: string, to: string, content: MailContent, { userId = uuidv7(), owner = 'identity' }: { userId?: string | null; owner?: MailOwner } = {}): Promise<string> {
    const mailId = uuidv7();
    this.mails.set(mailId, { to, content });
    const requested = owner === 'identity' ? identity.mailRequested : membership.mailRequested;
    await this.database.withTransaction((tx) => this.outbox.append(tx, { requestId: 'spec' }, event(requested, { realmId, mailId, userId, template: content.template })));
    return mailId;
  }

  @Handles(getMail.identity)
  async ofIdentity(...[{ mailId }]: HandlerArguments<typeof getMail.identity>) {
    return { mail: this.find(mailId) };
  }

  @Handles(getMail.membership)
  async ofMembership(...[{ mailId }]: HandlerArguments<typeof getMail.membership>) {
    return { mail: this.find(mailId) };
  }

  @Handles(membership.findProject)
  async findProject(...[{ project }]: HandlerArguments<typeof membership.findProject>) {
    const name = this.projectNames.get(project);
    if (name === undefined) throw membership.membershipErrors.failure('project-not-found', 'There is no such project.');
    return { projectId: project, organisationId: this.organisations.get(project) ?? uuidv7(), teamId: null, name, slug: 'project', settings: { mail_link_base: this.linkBases.get(project) } };
  }

  private find(mailId: string): MailToSend | null {
    if (this.away) throw platformErrors.failure('service-unavailable', 'The service is not running.');
    return this.mails.get(mailId) ?? null;
  }
}
