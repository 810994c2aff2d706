import { Injectable } from '@nestjs/common';
import { staffRealmId } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import { unknownProject } from '../access/environment-access.js';
import { Projects } from './projects.js';

/** Whose names an email or a user name is looked for among. */
@Injectable()
export class Realms {
  constructor(private readonly projects: Projects) {}

  /**
   * @param project slug or id; absent: staff
   * @throws Failure `project-not-found`
   */
  async find(project: string | null | undefined, requestId: string): Promise<string> {
    if (project === null || project === undefined) return staffRealmId;
    const found = await this.projects.find(project, requestId).catch((error: unknown) => {
      throw isFailure(error, 'project-not-found') || isFailure(error, 'invalid-request') ? unknownProject() : error;
    });
    return found.projectId;
  }
}
