import { Injectable } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { AccessRepository, type StaffRoles } from './access.repository.js';

@Injectable()
export class GetStaffRoles {
  constructor(
    private readonly database: Database,
    private readonly access: AccessRepository,
  ) {}

  async get(userId: string): Promise<StaffRoles> {
    return (await this.access.staffRoles(this.database, userId)) ?? { globalRole: null, organisations: [] };
  }
}
