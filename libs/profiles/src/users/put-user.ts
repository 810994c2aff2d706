import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { isFailure } from '#libs/platform/errors';
import type { CallContext, RequestInput, RequestOf, ResponseOf } from '#libs/platform/messages';
import { AddressedUsers } from './addressed-users.js';
import { withShownUids } from './shown-uids.js';
import { UpsertUser } from './upsert-user.js';

type Written = ResponseOf<typeof profiles.putUser>;
const { profilesErrors } = profiles;

/** Updates the user whom a uid means, gives one who has no external id theirs, or makes a new one. */
@Injectable()
export class PutUser {
  constructor(
    private readonly database: Database,
    private readonly addressed: AddressedUsers,
    private readonly upsertUser: UpsertUser,
  ) {}

  async execute(request: RequestOf<typeof profiles.putUser>, context: CallContext): Promise<Written> {
    const written = await this.put(request, context);
    return { ...written, user: (await withShownUids(this.database, [written.user]))[0]! };
  }

  private async put(request: RequestOf<typeof profiles.putUser>, context: CallContext): Promise<Written> {
    const { uid, externalId } = request;
    // Nearly always the uid is somebody's external id: found and written in one group with others.
    const present = await this.update(request, { externalId: uid, takeExternalId: externalId === uid ? undefined : externalId }, context);
    if (present !== 'nobody' && present !== 'erased') return present;
    const userId = await this.addressed.find(this.database, request.realmId, { uid });
    if (userId !== undefined) {
      const named = await this.update(request, { newUserId: userId, takeExternalId: externalId }, context);
      if (named !== 'nobody' && named !== 'erased') return named;
    }
    // Only now, because somebody may go by an email that was an erased user's too.
    if (present === 'erased') throw profilesErrors.failure('user-erased', 'This user was erased.');
    if (!request.create) throw profilesErrors.failure('user-not-found', 'There is no such user.');
    if (externalId !== undefined && externalId !== uid) throw mismatch();
    const { email } = request.patch;
    const mailed = typeof email === 'string' && email !== '' ? await this.addressed.findWithoutExternalId(this.database, request.realmId, email) : undefined;
    if (mailed !== undefined) {
      const claimed = await this.update(request, { newUserId: mailed, takeExternalId: uid }, context).catch((error: unknown) => {
        // Another request was faster: with the user, who has an id by now, or with the id. Had it come before, neither would have been looked for.
        if (isFailure(error, 'uid-mismatch') || isFailure(error, 'uid-taken')) return 'nobody' as const;
        throw error;
      });
      if (claimed !== 'nobody' && claimed !== 'erased') return claimed;
    }
    return this.upsertUser.execute(this.upsert(request, { externalId: uid }), context);
  }

  private async update(request: RequestOf<typeof profiles.putUser>, who: Who, context: CallContext): Promise<Written | 'nobody' | 'erased'> {
    return this.upsertUser.execute({ ...this.upsert(request, who), onlyExisting: true }, context).catch((error: unknown) => {
      if (isFailure(error, 'user-not-found')) return 'nobody';
      if (isFailure(error, 'user-erased') && who.externalId !== undefined) return 'erased';
      throw error;
    });
  }

  private upsert({ realmId, newUserId, patch, mayChangeEmail, mayConvert, mayTakeExternalId, permissions, actor }: RequestOf<typeof profiles.putUser>, who: Who): RequestOf<typeof profiles.upsertUser> {
    return { realmId, newUserId, patch, mayChangeEmail, mayConvert, mayTakeExternalId, permissions, actor, asAddressed: false, recreateErased: false, onlyExisting: false, touched: [], checkOnly: false, ...who };
  }
}

type Who = Pick<Partial<RequestInput<typeof profiles.upsertUser>>, 'externalId' | 'newUserId' | 'takeExternalId'>;

function mismatch() {
  return profilesErrors.failure('uid-mismatch', 'The id is not the one of the path, and the user has one already.', { details: [{ path: 'externalId', message: 'must be the id in the path' }] });
}
