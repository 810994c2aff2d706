import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { tokenUsesRepository } from './token-uses.repository.js';

@Injectable()
export class TokenUsesMessages {
  constructor(private readonly database: Database) {}

  @Handles(identity.findTokenUse)
  async find(...[{ projectId, token }]: HandlerArguments<typeof identity.findTokenUse>) {
    return { use: (await tokenUsesRepository.find(this.database, projectId, token)) ?? null };
  }

  /** No event: nobody's data changed, and what there is goes by itself. */
  @Handles(identity.noteTokenUse)
  async note(...[use]: HandlerArguments<typeof identity.noteTokenUse>) {
    await tokenUsesRepository.note(this.database, use);
    return {};
  }
}
