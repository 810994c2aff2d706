import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { BeginSso } from './begin-sso.js';
import { CompleteSso } from './complete-sso.js';
import { InspectSso } from './inspect-sso.js';
import { PutSsoConnection } from './put-sso-connection.js';
import { RedeemSsoCode } from './redeem-sso-code.js';
import { RemoveSsoConnection } from './remove-sso-connection.js';

@Injectable()
export class SsoMessages {
  constructor(
    private readonly putConnection: PutSsoConnection,
    private readonly inspect: InspectSso,
    private readonly removeConnection: RemoveSsoConnection,
    private readonly beginSso: BeginSso,
    private readonly completeSso: CompleteSso,
    private readonly redeemSsoCode: RedeemSsoCode,
  ) {}

  @Handles(identity.putSsoConnection)
  async put(...[request, context]: HandlerArguments<typeof identity.putSsoConnection>) {
    return this.putConnection.execute(request, context);
  }

  @Handles(identity.getSsoConnection)
  async get(...[{ organisationId }]: HandlerArguments<typeof identity.getSsoConnection>) {
    return this.inspect.get(organisationId);
  }

  @Handles(identity.testSsoConnection)
  async test(...[{ organisationId }]: HandlerArguments<typeof identity.testSsoConnection>) {
    return this.inspect.test(organisationId);
  }

  @Handles(identity.removeSsoConnection)
  async remove(...[request, context]: HandlerArguments<typeof identity.removeSsoConnection>) {
    await this.removeConnection.execute(request, context);
    return {};
  }

  @Handles(identity.beginSso)
  async begin(...[request]: HandlerArguments<typeof identity.beginSso>) {
    return { authorizationUrl: await this.beginSso.execute(request) };
  }

  @Handles(identity.completeSso)
  async complete(...[request, context]: HandlerArguments<typeof identity.completeSso>) {
    return this.completeSso.execute(request, context);
  }

  @Handles(identity.redeemSsoCode)
  async redeem(...[request]: HandlerArguments<typeof identity.redeemSsoCode>) {
    return this.redeemSsoCode.execute(request);
  }
}
