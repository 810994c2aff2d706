import { Injectable } from '@nestjs/common';
import { exportSources, profiles } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ExportUser } from './export-user.js';

@Injectable()
export class ExportMessages {
  constructor(private readonly exportUser: ExportUser) {}

  @Handles(profiles.findHome)
  async home(...[{ userId }]: HandlerArguments<typeof profiles.findHome>) {
    return { realmId: await this.exportUser.homeOf(userId) };
  }

  @Handles(profiles.recordExport)
  async record(...[request, context]: HandlerArguments<typeof profiles.recordExport>) {
    await this.exportUser.record(request, context);
    return {};
  }

  @Handles(exportSources.profiles)
  async export(...[request]: HandlerArguments<typeof exportSources.profiles>) {
    return this.exportUser.page(request);
  }
}
