import type { Actor, Level, membership } from '#libs/contracts';

/** What somebody is at a place, and what that lets them do there. */
export interface AdminStanding {
  /** Whether they have anything to do with it at all. */
  belongs: boolean;
  roles: readonly membership.HeldRole[];
  permissions: readonly string[];
  /** Where the place lies. */
  organisationId: string | null;
  teamId: string | null;
}

/** Somebody on the admin surface whose credential is good, before it is known what they may do where. */
export interface Admin {
  readonly actor: Actor;
  /** The staff member; undefined for an API key, and for a user who is at home in a project. */
  readonly userId: string | undefined;
  /** The widest thing that an API key is about; undefined for users. */
  readonly key: { readonly level: Level; readonly organisationId: string | null; readonly projectId: string | null; readonly roles: readonly string[] } | undefined;
  /**
   * For who is still being answered: the session goes on, the key was not revoked.
   * @throws Failure `credentials-invalid`
   */
  mustStillBeValid(): Promise<void>;
  /** @throws Failure `organisation-not-found`, `team-not-found`, `project-not-found` for a place that is not there */
  at(place: membership.Scope): Promise<AdminStanding>;
}
