import { Injectable } from '@nestjs/common';
import type { membership } from '#libs/contracts';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import type { RolesInProject } from './held-roles.repository.js';
import { RolesPush } from './roles-push.js';
import { WriteProjectRoles } from './write-project-roles.js';

@Injectable()
export class SetProjectRoles {
  constructor(
    private readonly writes: WriteProjectRoles,
    private readonly rolesPush: RolesPush,
  ) {}

  /** Replaces the roles of a user at home in the project. @returns the roles as they are now */
  async set(request: RequestOf<typeof membership.setProjectRoles>, context: CallContext): Promise<RolesInProject> {
    const present = await this.writes.write({ ...request, context });
    // Also where nothing changed: somebody who asks again may do so because the copy was not brought.
    await this.rolesPush.push(request.projectId, [present], context);
    return present;
  }
}
