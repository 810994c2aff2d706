import { Injectable } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { GrantsRepository } from '../roles/grants.repository.js';

@Injectable()
export class DescribeDeployment {
  constructor(
    private readonly database: Database,
    private readonly grants: GrantsRepository,
  ) {}

  async describe(): Promise<{ claimed: boolean }> {
    return { claimed: (await this.grants.superAdmins(this.database)).length > 0 };
  }
}
