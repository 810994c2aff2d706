import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { EndSession } from './end-session.js';
import { RefreshSession } from './refresh-session.js';
import { sessionsRepository } from './sessions.repository.js';

@Injectable()
export class SessionsMessages {
  constructor(
    private readonly database: Database,
    private readonly refreshSession: RefreshSession,
    private readonly endSession: EndSession,
  ) {}

  @Handles(identity.checkSession)
  async check(...[{ sessionId }]: HandlerArguments<typeof identity.checkSession>) {
    return { active: await sessionsRepository.isActive(this.database, sessionId) };
  }

  @Handles(identity.refreshSession)
  async refresh(...[request]: HandlerArguments<typeof identity.refreshSession>) {
    return this.refreshSession.execute(request);
  }

  @Handles(identity.endSession)
  async end(...[request]: HandlerArguments<typeof identity.endSession>) {
    await this.endSession.execute(request);
    return {};
  }
}
