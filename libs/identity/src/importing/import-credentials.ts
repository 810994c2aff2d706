import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import { DataKeys } from '#libs/platform/keys';
import type { CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';
import { LoginStatePush } from '../login/login-state-push.js';
import { takeHash } from '../passwords/imported-hash.js';
import { importedKeysPurpose } from '../passwords/password-hasher.js';
import { failed, ImportCandidate } from './import-candidate.js';
import { ImportChunk } from './import-chunk.js';

type Request = RequestOf<typeof identity.importCredentials>;

/** Takes over users from elsewhere: what is wrong with one is no reason to leave out the others. */
@Injectable()
export class ImportCredentials {
  constructor(
    private readonly dataKeys: DataKeys,
    private readonly chunk: ImportChunk,
    private readonly statePush: LoginStatePush,
  ) {}

  async execute(request: Request, context: CallContext): Promise<ResponseOf<typeof identity.importCredentials>> {
    const results: identity.ImportResult[] = [];
    const candidates = request.users.map((user, place) => {
      const candidate = this.candidate(user, request);
      if (!(candidate instanceof ImportCandidate)) results[place] = candidate;
      return candidate;
    });
    const sound = candidates.filter((candidate) => candidate instanceof ImportCandidate);
    await this.import(sound, request, context);
    candidates.forEach((candidate, place) => {
      if (candidate instanceof ImportCandidate) results[place] = candidate.result!;
    });
    return { results };
  }

  private candidate(user: identity.ImportedUser, { firebase }: Request): ImportCandidate | identity.ImportResult {
    try {
      return new ImportCandidate(user, takeHash(user.hash, firebase, this.dataKeys.lasting(importedKeysPurpose)));
    } catch (error) {
      if (isFailure(error)) return failed(null, error.value);
      throw error;
    }
  }

  private async import(chunk: readonly ImportCandidate[], { realmId, actor }: Request, context: CallContext): Promise<void> {
    try {
      const states = await this.chunk.run(chunk, { realmId, actor, context });
      if (states.length > 0) await this.statePush.push(realmId, states, context);
    } catch (error) {
      // Out of reach, or too late: what was written is told, the rest is sent again.
      if (!isFailure(error)) throw error;
      for (const candidate of chunk) if (candidate.result === undefined) candidate.fail(error);
    }
  }
}
