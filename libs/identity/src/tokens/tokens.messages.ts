import { Inject, Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { identityConfig } from '../identity.config.js';
import { GrantClientToken } from './grant-client-token.js';
import { RotateSigningKeys } from './rotate-signing-keys.js';
import { SigningKeys } from './signing-keys.js';

@Injectable()
export class TokensMessages {
  constructor(
    private readonly signingKeys: SigningKeys,
    private readonly grantClientToken: GrantClientToken,
    private readonly rotateSigningKeys: RotateSigningKeys,
    @Inject(identityConfig.token) private readonly config: ConfigValues<typeof identityConfig>,
  ) {}

  @Handles(identity.listSigningKeys)
  async listKeys() {
    return { issuer: this.config.TOKEN_ISSUER, keys: this.signingKeys.published() };
  }

  @Handles(identity.describeSigningKeys)
  async describeKeys() {
    return { keys: this.signingKeys.described() };
  }

  @Handles(identity.rotateSigningKey)
  async rotate(...[request, context]: HandlerArguments<typeof identity.rotateSigningKey>) {
    return this.rotateSigningKeys.rotate(request, context);
  }

  @Handles(identity.removeSigningKey)
  async remove(...[request, context]: HandlerArguments<typeof identity.removeSigningKey>) {
    await this.rotateSigningKeys.remove(request, context);
    return {};
  }

  @Handles(identity.grantClientToken)
  async grantClient(...[request]: HandlerArguments<typeof identity.grantClientToken>) {
    return this.grantClientToken.execute(request);
  }
}
