import { Inject, Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { identityConfig } from '../identity.config.js';
import { GrantClientToken } from './grant-client-token.js';
import { SigningKeys } from './signing-keys.js';

@Injectable()
export class TokensMessages {
  constructor(
    private readonly signingKeys: SigningKeys,
    private readonly grantClientToken: GrantClientToken,
    @Inject(identityConfig.token) private readonly config: ConfigValues<typeof identityConfig>,
  ) {}

  @Handles(identity.listSigningKeys)
  async listKeys() {
    return { issuer: this.config.TOKEN_ISSUER, keys: this.signingKeys.published() };
  }

  @Handles(identity.grantClientToken)
  async grantClient(...[request]: HandlerArguments<typeof identity.grantClientToken>) {
    return this.grantClientToken.execute(request);
  }
}
