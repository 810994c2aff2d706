import type { PermissionAt } from '#libs/contracts';
import { belongingAt, placeOf } from '../../access/admin-access.js';
import type { Admin } from '../../access/admin.js';

/** What a list of teams or projects is narrowed to. */
export interface Visible {
  organisationId?: string;
  userId?: string;
  projectId?: string;
}

/**
 * What a caller sees of an organisation's teams or projects, or of all that there are when none is named: everything where
 * they hold `administering`, else what they have a role in. An API key sees all that lies within what it was made for.
 * @throws Failure `organisation-not-found` for an organisation that the caller has nothing to do with
 */
export async function visibleIn(admin: Admin, orgId: string | undefined, administering: PermissionAt<'organisation'>): Promise<Visible> {
  if (admin.key?.projectId != null) return { projectId: admin.key.projectId };
  if (orgId !== undefined) {
    const place = placeOf('organisation', orgId);
    const { permissions } = await belongingAt(admin, place);
    const seesAll = admin.userId === undefined || permissions.includes(administering);
    return seesAll ? { organisationId: place.organisationId } : { organisationId: place.organisationId, userId: admin.userId };
  }
  if (admin.key !== undefined) return admin.key.organisationId === null ? {} : { organisationId: admin.key.organisationId };
  const seesAll = (await admin.at({ level: 'deployment' })).permissions.includes('orgs:list');
  return seesAll ? {} : { userId: admin.userId };
}
