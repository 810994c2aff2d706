import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import type { ResponseOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { RecentAnswers } from '../access/recent-answers.js';

/** Organisations, and what staff are in them and in the deployment, as membership knows it, asked at most once a second each. */
@Injectable()
export class StaffRoles {
  private readonly answers: RecentAnswers<ResponseOf<typeof membership.getStaffRoles>>;
  private readonly organisations: RecentAnswers<membership.Organisation>;

  constructor(rpc: RpcClient) {
    this.answers = new RecentAnswers((userId, requestId) => rpc.call(membership.getStaffRoles, { userId }, { requestId }));
    this.organisations = new RecentAnswers((organisationId, requestId) => rpc.call(membership.getOrganisation, { organisationId }, { requestId }));
  }

  /** @throws Failure `organisation-not-found` */
  organisation(organisationId: string, requestId: string): Promise<membership.Organisation> {
    return this.organisations.get(organisationId, requestId);
  }

  /** `super_admin` of the deployment, else the role in the organisation; undefined for neither. */
  async roleIn(userId: string, organisationId: string, requestId: string): Promise<string | undefined> {
    const { globalRole, organisations } = await this.answers.get(userId, requestId);
    return globalRole ?? organisations.find((one) => one.organisationId === organisationId)?.role;
  }
}
