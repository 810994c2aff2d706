import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { membership } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import type { CallContext } from '#libs/platform/messages';
import { adminAnywhere } from '../../access/access-rule.js';
import { belongingAt, placeOf } from '../../access/admin-access.js';
import type { Admin } from '../../access/admin.js';
import { ofPart } from '../../http/idempotency-key.js';
import { parseInput } from '../../http/parse-input.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { Invitations, unknownInvitation } from '../../upstream/invitations.js';
import { inviteBody, invitationObject, placeOfInvitation, toInvitationObject, toInvitedUserObject, userAndInvitation, wrongId, type InvitationObject, type InviteBody } from './invitation.wire.js';
import { pageFields, pageQuery, text } from './management.wire.js';

const mostAtATime = 100;
/** Refusals of a key, which are about the request as a whole. */
const ofTheKey: readonly string[] = ['idempotency-key-in-use', 'idempotency-key-reused'];
/** Those that are worked on at a time: a batch holds up nobody else. */
const sideBySide = 5;

const failure = z.object({ code: z.string(), message: z.string(), details: z.array(z.object({ path: z.string(), message: z.string() })).optional() });
const batchResult = z.union([userAndInvitation, z.object({ error: failure })]);
type BatchResult = z.output<typeof batchResult>;
type Invited = z.output<typeof userAndInvitation>;
const invitationParams = z.object({ invitation_id: z.string() });
const unknown = { 404: 'There is no such invitation.' };

const invite = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/users/invite',
  keepsAnswers: true,
  access: adminAnywhere,
  idempotencyKey: 'honoured',
  summary: 'Invite somebody by mail; again while it is pending: another role, a new token, another mail',
  body: inviteBody,
  answer: { status: 201, description: 'Who is invited, and the invitation', body: userAndInvitation },
  failures: { 404: 'There is no such organisation, team or project.', 409: 'They have the role already, or were deactivated there.', 429: 'They were invited too often in an hour.' },
});

const inviteMany = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/users/invite/batch',
  keepsAnswers: true,
  access: adminAnywhere,
  idempotencyKey: 'honoured',
  summary: 'Invite up to 100 people; each is answered by itself',
  body: z.strictObject({ invitations: z.array(z.unknown()).min(1, 'must hold 1 to 100 invitations').max(mostAtATime, 'must hold 1 to 100 invitations') }),
  answer: { status: 200, description: 'One result an invitation, in their order', body: z.object({ results: z.array(batchResult) }) },
});

const list = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/invitations',
  access: adminAnywhere,
  summary: 'List invitations, newest first; of an organisation those into its teams and projects too',
  query: pageQuery.extend({
    org_id: text.optional().describe('Default: your organisation, if you have one only; all, for a super_admin'),
    team_id: text.optional(),
    project_id: text.optional(),
    status: z.enum(membership.invitationStatus.options, { error: `must be one of ${membership.invitationStatus.options.join(', ')}` }).optional(),
  }),
  answer: { status: 200, description: 'One page', body: z.object({ invitations: z.array(invitationObject), ...pageFields }) },
  failures: { 404: 'There is no such organisation, team or project.' },
});

const resend = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/invitations/:invitation_id/resend',
  access: adminAnywhere,
  idempotencyKey: 'honoured',
  summary: 'Send a pending or expired invitation again, with a new token and a new term',
  params: invitationParams,
  answer: { status: 200, description: 'The invitation', body: invitationObject },
  failures: { ...unknown, 409: 'It was accepted or cancelled.', 429: 'They were invited too often in an hour.' },
});

const cancel = route({
  surface: 'admin',
  method: 'DELETE',
  path: '/v1/admin/invitations/:invitation_id',
  access: adminAnywhere,
  summary: 'Take an invitation back',
  params: invitationParams,
  answer: { status: 204, description: 'Its link is worth nothing any more' },
  failures: { ...unknown, 409: 'It was accepted.' },
});

@Controller()
export class InvitationsRoutes {
  constructor(private readonly invitations: Invitations) {}

  @Serves(invite)
  async invite({ body, caller, context }: RouteCall<typeof invite>): Promise<Invited> {
    return this.inviteOne(caller.admin, body, context);
  }

  @Serves(inviteMany)
  async inviteMany({ body, caller, context }: RouteCall<typeof inviteMany>): Promise<{ results: BatchResult[] }> {
    await this.invitations.begin(context);
    const results: BatchResult[] = [];
    for (let from = 0; from < body.invitations.length; from += sideBySide) {
      const some = body.invitations.slice(from, from + sideBySide);
      results.push(...(await Promise.all(some.map((item, place) => this.resultOf(caller.admin, item, partOf(context, from + place))))));
    }
    return { results };
  }

  @Serves(list)
  async list({ query, caller, context }: RouteCall<typeof list>): Promise<z.output<typeof list.answer.body>> {
    const place = await this.placeOfList(caller.admin, query, context);
    const { invitations, nextCursor } = await this.invitations.list(caller.admin, place, { status: query.status, limit: query.page_size, after: query.cursor }, context);
    return { invitations: invitations.map(toInvitationObject), next_cursor: nextCursor, page_size: query.page_size };
  }

  @Serves(resend)
  async resend({ params, caller, context }: RouteCall<typeof resend>): Promise<InvitationObject> {
    return toInvitationObject(await this.invitations.resend(caller.admin, existing(params.invitation_id), context));
  }

  @Serves(cancel)
  async cancel({ params, caller, context }: RouteCall<typeof cancel>): Promise<void> {
    await this.invitations.cancel(caller.admin, existing(params.invitation_id), context);
  }

  private async inviteOne(admin: Admin, body: InviteBody, context: CallContext): Promise<Invited> {
    const { user_email: email, role } = body;
    const invited = await this.invitations.invite(admin, await this.scopeOf(admin, body, context), { email, role }, context);
    return { user: toInvitedUserObject(invited), invitation: toInvitationObject(invited.invitation) };
  }

  /** What is wrong with one is not wrong with the others. */
  private async resultOf(admin: Admin, item: unknown, context: CallContext): Promise<BatchResult> {
    try {
      return await this.inviteOne(admin, parseInput(inviteBody, item, '') as InviteBody, context);
    } catch (error) {
      if (!isFailure(error) || error.value.kind === 'internal' || ofTheKey.includes(error.value.code)) throw error;
      const { code, message, details } = error.value;
      return { error: { code, message, ...(details === undefined ? {} : { details }) } };
    }
  }

  private async scopeOf(admin: Admin, body: InviteBody, context: CallContext): Promise<membership.Scope> {
    const { level, id, widerOrganisation } = placeOfInvitation(body);
    if (level === 'deployment') return { level };
    const placeId = id ?? (await this.invitations.defaultOrganisation(admin, context));
    if (placeId === undefined) throw wrongId('org_id', `is required for the role ${body.role}`);
    const scope = placeOf(level, placeId);
    // Named beside a team or a project it must be theirs.
    if (widerOrganisation !== undefined && (await belongingAt(admin, scope)).organisationId !== widerOrganisation.toLowerCase()) throw wrongId('org_id', `is not the organisation of the ${level}`);
    return scope;
  }

  private async placeOfList(admin: Admin, { org_id, team_id, project_id }: z.output<typeof list.query>, context: CallContext): Promise<membership.Scope> {
    const named = Object.entries({ org_id, team_id, project_id }).filter(([, id]) => id !== undefined);
    if (named.length > 1) throw wrongId(named[1]![0], 'can’t be combined: name one place');
    if (project_id !== undefined) return placeOf('project', project_id);
    if (team_id !== undefined) return placeOf('team', team_id);
    const organisationId = org_id ?? (await this.invitations.defaultOrganisation(admin, context));
    return organisationId === undefined ? { level: 'deployment' } : placeOf('organisation', organisationId);
  }
}

/** An invitation of several has a key of its own: broken off, the request goes on where it was when it is repeated. */
function partOf(context: CallContext, place: number): CallContext {
  const { idempotency } = context;
  return idempotency === undefined ? context : { ...context, idempotency: ofPart(idempotency, place) };
}

/** What is no id is no invitation. */
function existing(id: string): string {
  if (!z.uuid().safeParse(id).success) throw unknownInvitation();
  return id.toLowerCase();
}
