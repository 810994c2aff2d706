import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Database, type Queryable } from '#libs/platform/database';
import type { Failure } from '#libs/platform/errors';
import { StaffRepository, type Reach } from './staff.repository.js';

const nothing: Reach = { everything: false, organisations: [], teams: [], projects: [] };
export const everything: Reach = { ...nothing, everything: true };

/** People with roles, as the one who asks may see them. */
@Injectable()
export class FindStaff {
  constructor(
    private readonly database: Database,
    private readonly staff: StaffRepository,
  ) {}

  /** @throws Failure `user-not-found` for a stranger, and for somebody deleted whom the viewer could not restore */
  async get(userId: string, viewer: membership.Viewer, on: Queryable = this.database): Promise<membership.StaffMember> {
    const reach = await this.reachOf(viewer, on);
    const isSelf = viewer.kind === 'user' && viewer.userId === userId;
    const [member] = await this.describe([userId], isSelf ? everything : reach, on);
    const isKnown = member !== undefined && (isSelf || reach.everything || member.roles.length > 0);
    if (!isKnown || (member.deletedAt !== null && !(await this.mayRestore(viewer, reach, member, on)))) throw userNotFound();
    return member;
  }

  /** In the order asked; those who are hidden are left out. */
  async describe(userIds: readonly string[], reach: Reach, on: Queryable = this.database): Promise<membership.StaffMember[]> {
    const [states, roles] = [await this.staff.states(on, userIds), await this.staff.roles(on, userIds, reach)];
    const known = new Map(states.map(({ userId, deletedAt }) => [userId, { userId, deletedAt, roles: [] as membership.GivenRole[] }]));
    for (const { userId, ...role } of roles) known.get(userId)?.roles.push(role);
    return userIds.flatMap((userId) => known.get(userId) ?? []);
  }

  async reachOf(viewer: membership.Viewer, on: Queryable = this.database): Promise<Reach> {
    if (viewer.kind === 'user') return (await this.staff.reachOf(on, viewer.userId)) ?? nothing;
    const { organisationId, projectId } = viewer;
    if (projectId !== null) return { ...nothing, projects: [projectId] };
    return organisationId === null ? everything : { ...nothing, organisations: [organisationId] };
  }

  private async mayRestore(viewer: membership.Viewer, reach: Reach, member: membership.StaffMember, on: Queryable): Promise<boolean> {
    if (reach.everything) return true;
    const administered = await this.administeredBy(viewer, on);
    return member.roles.some(({ organisationId }) => organisationId !== null && administered.includes(organisationId));
  }

  /** Organisations in which the viewer is an administrator. */
  async administeredBy(viewer: membership.Viewer, on: Queryable = this.database): Promise<string[]> {
    if (viewer.kind === 'key') return viewer.organisationId !== null && viewer.projectId === null && viewer.roles.includes('org_admin') ? [viewer.organisationId] : [];
    const [self] = await this.describe([viewer.userId], everything, on);
    return (self?.roles ?? []).flatMap(({ level, role, status, organisationId }) => (level === 'organisation' && role === 'org_admin' && status === 'active' && organisationId !== null ? [organisationId] : []));
  }
}

export function userNotFound(): Failure {
  return membership.membershipErrors.failure('user-not-found', 'There is no such user.');
}
