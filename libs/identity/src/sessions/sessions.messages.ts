import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { EndListedSessions } from './end-listed-sessions.js';
import { EndSession } from './end-session.js';
import { ListSessions } from './list-sessions.js';
import { PollRevocations } from './poll-revocations.js';
import { RefreshSession } from './refresh-session.js';
import { sessionsRepository } from './sessions.repository.js';

@Injectable()
export class SessionsMessages {
  constructor(
    private readonly database: Database,
    private readonly refreshSession: RefreshSession,
    private readonly endSession: EndSession,
    private readonly endListedSessions: EndListedSessions,
    private readonly listSessions: ListSessions,
    private readonly pollRevocations: PollRevocations,
  ) {}

  @Handles(identity.checkSession)
  async check(...[{ sessionId }]: HandlerArguments<typeof identity.checkSession>) {
    const seconds = await sessionsRepository.activeFor(this.database, sessionId);
    return { active: seconds !== undefined, forSeconds: Math.max(0, seconds ?? 0) };
  }

  @Handles(identity.pollRevocations)
  async poll(...[request]: HandlerArguments<typeof identity.pollRevocations>) {
    return this.pollRevocations.execute(request);
  }

  @Handles(identity.refreshSession)
  async refresh(...[request, context]: HandlerArguments<typeof identity.refreshSession>) {
    return this.refreshSession.execute(request, context);
  }

  @Handles(identity.endSession)
  async end(...[request, context]: HandlerArguments<typeof identity.endSession>) {
    await this.endSession.execute(request, context);
    return {};
  }

  @Handles(identity.listSessions)
  async list(...[request]: HandlerArguments<typeof identity.listSessions>) {
    return this.listSessions.execute(request);
  }

  @Handles(identity.endOneSession)
  async endOne(...[request, context]: HandlerArguments<typeof identity.endOneSession>) {
    const ended = await this.endListedSessions.execute({ ...request, keepSessionId: null }, context);
    if (ended === 0) throw identity.identityErrors.failure('session-not-found', 'There is no such session.');
    return {};
  }

  @Handles(identity.endAllSessions)
  async endAll(...[request, context]: HandlerArguments<typeof identity.endAllSessions>) {
    return { ended: await this.endListedSessions.execute({ ...request, sessionId: null }, context) };
  }
}
