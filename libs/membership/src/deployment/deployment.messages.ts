import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ClaimDeployment } from './claim-deployment.js';
import { DescribeDeployment } from './describe-deployment.js';

@Injectable()
export class DeploymentMessages {
  constructor(
    private readonly describeDeployment: DescribeDeployment,
    private readonly claimDeployment: ClaimDeployment,
  ) {}

  @Handles(membership.describeDeployment)
  async describe() {
    return this.describeDeployment.describe();
  }

  @Handles(membership.claimDeployment)
  async claim(...[request, context]: HandlerArguments<typeof membership.claimDeployment>) {
    await this.claimDeployment.claim(request, context);
    return {};
  }
}
