import { Injectable } from '@nestjs/common';
import { membership, type ProjectPermission } from '#libs/contracts';
import { onConstraint, sql, type Queryable, type Transaction } from '#libs/platform/database';

/** A row of `project_roles` as statements give it. */
export type ProjectRoleRow = Omit<membership.ProjectRoleDefinition, 'builtIn'>;

const columns = 'role, permissions, created_at AS "createdAt", created_by AS "createdBy", modified_at AS "modifiedAt", modified_by AS "modifiedBy"';

// Not FOR UPDATE, which would wait for everybody who is given a role in the project.
const lockProject = sql('project_roles.lock-project', 'SELECT FROM projects WHERE project_id = $1 FOR NO KEY UPDATE');
const list = sql('project_roles.list', `SELECT ${columns} FROM project_roles WHERE project_id = $1 ORDER BY role COLLATE "C"`);
const find = sql('project_roles.find', `SELECT ${columns} FROM project_roles WHERE project_id = $1 AND role = ANY ($2::text[])`);
const put = sql(
  'project_roles.put',
  `INSERT INTO project_roles AS r (project_id, role, permissions, created_by, modified_by) VALUES ($1, $2, $3, $4, $4)
   ON CONFLICT (project_id, role) DO UPDATE SET permissions = excluded.permissions, modified_at = now(), modified_by = excluded.modified_by
   WHERE r.permissions <> excluded.permissions`,
);
const lock = sql('project_roles.lock', 'SELECT FROM project_roles WHERE project_id = $1 AND role = $2 FOR UPDATE');
// Who is hidden has lost the role already; the row would only wait for their erasure.
const forgetHidden = sql(
  'project_roles.forget-hidden',
  'DELETE FROM project_members m USING members WHERE members.user_id = m.user_id AND members.hidden_at IS NOT NULL AND m.project_id = $1 AND m.custom_role = $2',
);
const holders = sql('project_roles.holders', 'SELECT count(*) AS holders FROM project_members WHERE project_id = $1 AND custom_role = $2');
const remove = sql('project_roles.remove', 'DELETE FROM project_roles WHERE project_id = $1 AND role = $2');

/** All SQL of `project_roles`: the roles that projects define. */
@Injectable()
export class ProjectRolesRepository {
  /** Holds the project's set of roles as it is until the transaction ends. @returns false when there is no such project */
  async lockProject(tx: Transaction, projectId: string): Promise<boolean> {
    return (await tx.query(lockProject, [projectId])).length > 0;
  }

  async list(on: Queryable, projectId: string): Promise<ProjectRoleRow[]> {
    return on.query<ProjectRoleRow>(list, [projectId]);
  }

  /** Those of the roles that there are. */
  async find(on: Queryable, projectId: string, roles: readonly string[]): Promise<ProjectRoleRow[]> {
    // What Postgres can't even keep is no role.
    const askable = roles.filter((role) => membership.projectRoleName.safeParse(role).success);
    return askable.length === 0 ? [] : on.query<ProjectRoleRow>(find, [projectId, askable]);
  }

  /** @returns whether that changed anything */
  async put(tx: Transaction, projectId: string, role: string, permissions: readonly ProjectPermission[], actorId: string): Promise<boolean> {
    return (await tx.execute(put, [projectId, role, permissions, actorId])) > 0;
  }

  /** Lets nobody be given the role until the transaction ends. @returns false when there is no such role */
  async lock(tx: Transaction, projectId: string, role: string): Promise<boolean> {
    return (await tx.query(lock, [projectId, role])).length > 0;
  }

  /** How many users hold the role, which is locked; hidden users are made to give it back. */
  async holders(tx: Transaction, projectId: string, role: string): Promise<number> {
    await tx.execute(forgetHidden, [projectId, role]);
    return (await tx.query<{ holders: number }>(holders, [projectId, role]))[0]!.holders;
  }

  /** @throws Failure `role-held` when somebody has the role */
  async remove(tx: Transaction, projectId: string, role: string): Promise<void> {
    await tx.execute(remove, [projectId, role]).catch(onConstraint({ project_members_custom_role_fkey: () => roleHeld() }));
  }
}

/** @param count of those who hold the role, where it is known */
export function roleHeld(count?: number) {
  const whom = count === undefined ? 'Users hold' : count === 1 ? 'One user holds' : `${count} users hold`;
  return membership.membershipErrors.failure('role-held', `${whom} this role: take it from them first.`);
}
