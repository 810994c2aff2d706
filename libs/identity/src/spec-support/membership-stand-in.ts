import { Injectable } from '@nestjs/common';
import { membership, operations } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';

/** Answers what a registration asks membership, and operations where it is undone, by the contracts. */
@Injectable()
export class MembershipStandIn {
  /** Roles that were given, by user. */
  readonly given = new Map<string, string[]>();
  /** Users whose erasure was asked for. */
  readonly erased: unknown[] = [];
  known = ['viewer', 'editor'];
  beforeGiving: () => Promise<void> = async () => undefined;

  @Handles(membership.checkProjectRoles)
  async check(...[{ roles }]: HandlerArguments<typeof membership.checkProjectRoles>) {
    this.refuseUnknown(roles);
    return {};
  }

  @Handles(membership.setProjectRoles)
  async set(...[{ userId, roles }]: HandlerArguments<typeof membership.setProjectRoles>) {
    await this.beforeGiving();
    this.refuseUnknown(roles);
    this.given.set(userId, roles);
    return { userId, version: 1, roles };
  }

  @Handles(operations.requestErasure)
  async erase(...[{ users }]: HandlerArguments<typeof operations.requestErasure>) {
    this.erased.push(...users);
    return { scheduled: users.map(() => true), jobId: null };
  }

  private refuseUnknown(roles: readonly string[]): void {
    if (roles.some((role) => !this.known.includes(role))) throw membership.membershipErrors.failure('role-unknown', 'The project has no such role.');
  }
}
