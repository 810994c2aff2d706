import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Failure, isFailure, platformErrors } from '#libs/platform/errors';
import type { CallContext, RequestInput } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';

/** Imports of users with their hashes, of any number, part after part: so whoever waits for a service that died soon knows. */
@Injectable()
export class CredentialImports {
  constructor(private readonly rpc: RpcClient) {}

  /**
   * @returns what became of each, in their order
   * @throws Failure of the part that was not answered; it says how many users before it are settled
   */
  async import(request: RequestInput<typeof identity.importCredentials>, context: CallContext): Promise<identity.ImportResult[]> {
    const { users } = request;
    const results: identity.ImportResult[] = [];
    while (results.length < users.length) {
      const part = users.slice(results.length, results.length + identity.mostImportedAtOnce);
      try {
        results.push(...answered((await this.rpc.call(identity.importCredentials, { ...request, users: part }, context)).results));
      } catch (error) {
        if (!isFailure(error)) throw error;
        const message = `${error.value.message} Of the ${users.length} users the first ${results.length} are settled, of the next ${part.length} some may be. Send the request again: whoever was imported is skipped, and nobody is left half made.`;
        throw new Failure({ ...error.value, message }, { cause: error });
      }
    }
    return results;
  }
}

/** Where nothing could be done for anybody, a service that identity needs is away: so it would be in every other part. */
function answered(results: identity.ImportResult[]): identity.ImportResult[] {
  const error = results[0]!.error;
  if (error === null || results.some((result) => result.error?.code !== 'service-unavailable')) return results;
  throw platformErrors.failure('service-unavailable', error.message, { retryAfter: 1 });
}
