import { Injectable } from '@nestjs/common';
import { membership, permissionsAt, permissionTable, rolesOfLevel } from '#libs/contracts';
import type { Transaction } from '#libs/platform/database';
import type { RequestOf } from '#libs/platform/messages';
import { GetAccess } from '../access/get-access.js';
import { ProjectRolesRepository } from '../project-roles/project-roles.repository.js';
import { userNotFound } from '../staff/find-staff.js';
import { GivenRolesRepository } from './given-roles.repository.js';

type Grantor = RequestOf<typeof membership.setMember>['grantor'];

const { membershipErrors } = membership;

/** Who may give and take what at a place: nobody gives what they lack, or disposes of somebody who may do more there. */
@Injectable()
export class PlaceAuthority {
  constructor(
    private readonly access: GetAccess,
    private readonly given: GivenRolesRepository,
    private readonly projectRoles: ProjectRolesRepository,
  ) {}

  /**
   * What the grantor may do at the place at this moment.
   * @throws Failure `permission-not-held` for one who may give no roles there
   */
  async permissionsOf(tx: Transaction, place: membership.MemberPlace, { actor, permissions, everywhere }: Grantor): Promise<{ held: ReadonlySet<string>; everywhere: boolean }> {
    if (actor.type !== 'user') return { held: new Set(permissions), everywhere };
    const { permissions: held, roles } = await this.access.get(actor.id, place, tx);
    if (!held.includes('roles:write')) throw membershipErrors.failure('permission-not-held', 'You may not give or take roles here.');
    return { held: new Set(held), everywhere: roles.some(({ level }) => level === 'deployment') };
  }

  /**
   * Somebody who has nothing to do with the organisation is a stranger to it, for all but those who see everybody.
   * @throws Failure `user-not-found`
   */
  async mustKnow(tx: Transaction, organisationId: string, userId: string, everywhere: boolean): Promise<void> {
    if (!(await (everywhere ? this.given.exists(tx, userId) : this.given.isOf(tx, organisationId, userId)))) throw userNotFound();
  }

  /** @throws Failure `role-unknown`, `permission-not-held` */
  async mayGive(tx: Transaction, place: membership.MemberPlace, role: string, held: ReadonlySet<string>): Promise<void> {
    const permissions = await this.permissionsOfRole(tx, place, role);
    if (permissions === undefined) {
      const known = rolesOfLevel[place.level].join(', ');
      throw membershipErrors.failure('role-unknown', `The role of ${place.level === 'organisation' ? 'an' : 'a'} ${place.level} is one of ${known}${place.level === 'project' ? ', or one that the project defines' : ''}.`, { details: [{ path: 'role', message: 'is no role here' }] });
    }
    const missing = permissions.find((permission) => !held.has(permission));
    if (missing !== undefined) throw membershipErrors.failure('permission-not-held', `Nobody gives what they lack: the role has the permission ${missing}, and you don't.`, { details: [{ path: 'role', message: `has the permission ${missing}, which you don't hold` }] });
  }

  /** @throws Failure `permission-not-held` for somebody whose roles there let them do more */
  async mayTake(tx: Transaction, place: membership.MemberPlace, roles: readonly string[], held: ReadonlySet<string>): Promise<void> {
    for (const role of roles) {
      const missing = (await this.permissionsOfRole(tx, place, role))?.find((permission) => !held.has(permission));
      if (missing !== undefined) throw membershipErrors.failure('permission-not-held', `The user holds the permission ${missing}, and you don't: only who may do as much as they can change this.`);
    }
  }

  /** What the role lets its holder do at the place it was given at; undefined for none of its roles. */
  private async permissionsOfRole(tx: Transaction, place: membership.MemberPlace, role: string): Promise<readonly string[] | undefined> {
    const known: readonly string[] = rolesOfLevel[place.level];
    if (known.includes(role)) return Object.hasOwn(permissionTable[place.level], role) ? permissionsAt(place.level, [role]) : [];
    if (place.level !== 'project') return undefined;
    return (await this.projectRoles.find(tx, place.projectId, [role]))[0]?.permissions;
  }
}
