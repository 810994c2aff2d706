import { z } from 'zod';
import { profiles, type membership } from '#libs/contracts';
import { Failure, isFailure, mistakesSentence } from '#libs/platform/errors';
import type { ProjectCaller } from '../../access/caller.js';
import { httpErrors } from '../../http/http-errors.js';

export const userParams = z.object({ project: z.string(), id: z.string() });

/** What is not an id can't be anybody's: the same 404 as an unknown one. */
export function userIdOf({ id }: { id: string }): string {
  if (z.uuid().safeParse(id).success) return id.toLowerCase();
  throw profiles.profilesErrors.failure('user-not-found', 'There is no such user.');
}

/** @throws Failure `user-is-staff` */
export function refuseStaff(staffRoles: readonly string[] | undefined): void {
  if (staffRoles !== undefined) throw httpErrors.failure('user-is-staff', 'Staff are changed by themselves and by their organisation; a project only holds their role.');
}

const words: Readonly<Record<string, string>> = { phone: 'mobilePhone', userName: 'username' };

/** Failures of services name places in their own words: in this surface's they are those of the body. */
export async function failuresInBody<T>(call: Promise<T>): Promise<T> {
  return call.catch((error: unknown) => {
    if (!isFailure(error) || error.value.details === undefined) throw error;
    const details = error.value.details.map(({ path, message }) => {
      const place = path.replace(/^(patch|profile)\./, '');
      return { path: words[place] ?? place, message };
    });
    // Its sentence names the first place, in profiles' words.
    const message = error.value.code === 'invalid-profile' ? mistakesSentence(details, 'The user') : error.value.message;
    throw new Failure({ ...error.value, message, details });
  });
}

/** Who hands something out, as the services ask it. */
export function grantorOf({ actor, permissions }: ProjectCaller): membership.Grantor {
  return { actor, permissions: [...permissions] };
}
