import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ExportData } from './export-data.js';

@Injectable()
export class DataExportMessages {
  constructor(private readonly exportData: ExportData) {}

  @Handles(profiles.beginDataExport)
  async begin(...[request, context]: HandlerArguments<typeof profiles.beginDataExport>) {
    await this.exportData.begin(request, context);
    return {};
  }

  @Handles(profiles.exportUsersPage)
  async users(...[request]: HandlerArguments<typeof profiles.exportUsersPage>) {
    return this.exportData.users(request);
  }

  @Handles(profiles.exportEventsPage)
  async events(...[request]: HandlerArguments<typeof profiles.exportEventsPage>) {
    return this.exportData.events(request);
  }
}
