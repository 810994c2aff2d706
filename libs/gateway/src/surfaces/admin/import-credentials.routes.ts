import { Controller } from '@nestjs/common';
import { z } from 'zod';
import type { identity } from '#libs/contracts';
import { adminProject } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { CredentialImports } from '../../upstream/credential-imports.js';
import { importBody, toImportedUser } from './import-credentials.wire.js';
import { projectParams } from './management.wire.js';

const importCredentials = route({
  surface: 'admin',
  method: 'POST',
  path: '/v1/admin/projects/:project_id/users/import-credentials',
  access: adminProject('project:administer'),
  idempotencyKey: { ignored: 'whoever was imported is skipped when they are sent again' },
  summary: 'Import users with the hashes of their passwords, 1 to 1,000 at a time',
  params: projectParams,
  example: { users: [{ uid: 'ada', email: 'ada@example.com', password_hash: '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy' }] },
  body: importBody,
  answer: {
    status: 200,
    description: 'What became of each, in the order of the request',
    body: z.object({
      results: z.array(
        z.object({
          status: z.enum(['imported', 'skipped', 'failed']).describe('skipped: the user could log in already, and is unchanged'),
          user_id: z.string().nullable(),
          error: z.object({ code: z.string(), message: z.string() }).nullable(),
        }),
      ),
      imported: z.number().int(),
      skipped: z.number().int(),
      failed: z.number().int(),
    }),
  },
  failures: { 404: 'There is no such project.', 503: 'A service was out of reach in the middle: the answer says how many users are settled. Send the request again.' },
});

@Controller()
export class ImportCredentialsRoutes {
  constructor(private readonly imports: CredentialImports) {}

  @Serves(importCredentials)
  async import({ body, caller, context }: RouteCall<typeof importCredentials>): Promise<z.output<typeof importCredentials.answer.body>> {
    const { firebase } = body;
    const request = {
      realmId: caller.projectId,
      users: body.users.map(toImportedUser),
      firebase: firebase === undefined ? null : { signerKey: firebase.signer_key, saltSeparator: firebase.salt_separator, rounds: firebase.rounds, memCost: firebase.mem_cost },
      actor: caller.actor,
    };
    const results = await this.imports.import(request, context);
    const count = (status: identity.ImportResult['status']) => results.filter((result) => result.status === status).length;
    return {
      results: results.map(({ status, userId, error }) => ({ status, user_id: userId, error })),
      imported: count('imported'),
      skipped: count('skipped'),
      failed: count('failed'),
    };
  }
}
