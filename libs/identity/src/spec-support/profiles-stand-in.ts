import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';

type PushedState = HandlerArguments<typeof profiles.applyLoginState>[0]['users'][number];

/** Answers what identity asks profiles, by the contract. The end-to-end specs have the real one. */
@Injectable()
export class ProfilesStandIn {
  /** Contact emails by user id; nobody else exists. */
  readonly emails = new Map<string, string | null>();
  readonly pushed: PushedState[] = [];
  /** Happens after the answer to `beginLogin` was determined and before it is given. */
  meanwhile: (userId: string) => Promise<void> = async () => undefined;
  refusesPushes = false;

  @Handles(profiles.beginLogin)
  async begin(...[{ userId }]: HandlerArguments<typeof profiles.beginLogin>) {
    const email = this.emails.get(userId);
    if (email === undefined) throw profiles.profilesErrors.failure('user-not-found', 'There is no such user.');
    await this.meanwhile(userId);
    return { email, externalId: null };
  }

  @Handles(profiles.applyLoginState)
  async apply(...[{ users }]: HandlerArguments<typeof profiles.applyLoginState>) {
    if (this.refusesPushes) throw new Error('refused by the spec');
    this.pushed.push(...users);
    return { applied: users.length };
  }
}
