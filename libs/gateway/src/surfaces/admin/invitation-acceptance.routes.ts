import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { anyone } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { Invitations } from '../../upstream/invitations.js';
import { acceptBody, toInvitationObject, toInvitedUserObject, userAndInvitation } from './invitation.wire.js';

const accept = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/auth/invitations/accept',
  access: anyone,
  idempotencyKey: { ignored: 'the token in the body counts once' },
  summary: 'Accept an invitation by the token of its mail; again is the same answer',
  body: acceptBody,
  answer: { status: 200, description: 'Who accepted, and what', body: userAndInvitation },
  failures: { 404: 'There is no such invitation, or a newer mail has replaced it.', 409: 'They were deactivated there.', 410: 'It has expired.' },
});

@Controller()
export class InvitationAcceptanceRoutes {
  constructor(private readonly invitations: Invitations) {}

  @Serves(accept)
  async accept({ body, context }: RouteCall<typeof accept>): Promise<z.output<typeof userAndInvitation>> {
    const accepted = await this.invitations.accept({ token: body.token, password: body.password ?? null, displayName: body.user_name ?? null }, context);
    return { user: toInvitedUserObject(accepted), invitation: toInvitationObject(accepted.invitation) };
  }
}
