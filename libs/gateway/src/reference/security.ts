import type { AccessRule } from '../access/access-rule.js';
import type { Route } from '../http/route.js';

/** How callers say who they are. Where several would do, each is one. */
export const securitySchemes = {
  engagementKey: { type: 'http', scheme: 'basic', description: 'The key as user name, the secret as password where the call needs it' },
  clientCredentials: { type: 'oauth2', description: 'The token of an API client, for an hour; signed as RFC8725 advises', flows: { clientCredentials: { tokenUrl: '/oauth2/token', scopes: { events: 'Customers and events', workbench: 'Custom fields' } } } },
  endUserToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'A token that your backend signed for its end user with the private half of an SDK key. Follow RFC8725: a short life, one algorithm, no key in the token' },
  projectToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The access token of a user or of staff, signed as RFC8725 advises' },
  projectApiKey: { type: 'http', scheme: 'bearer', description: 'An API key of the project or above it, in place of a token (RFC8725 is about tokens: a key is none)' },
  staffToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The access token of a member of staff, signed as RFC8725 advises' },
  adminApiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key; `X-Atlas-API-Key` is the same' },
} as const;
export type SecurityScheme = keyof typeof securitySchemes;

export function securityOf({ access }: Route): SecurityScheme[] {
  switch (access.kind) {
    case 'anyone':
      return [];
    case 'engagement':
      return ['engagementKey'];
    case 'environment':
      return ['clientCredentials'];
    case 'end-user':
      return ['endUserToken'];
    case 'project':
      return ['projectToken', 'projectApiKey'];
    case 'signed-in':
      return ['projectToken'];
    case 'staff':
      return ['staffToken'];
    case 'admin-deployment':
    case 'admin-organisation':
    case 'admin-team':
    case 'admin-project':
    case 'admin-place':
    case 'admin':
      return ['staffToken', 'adminApiKey'];
  }
}

/** Who may call, in a sentence. */
export function accessText(access: AccessRule): string {
  switch (access.kind) {
    case 'anyone':
      return 'Anyone may call it.';
    case 'engagement':
      return access.secret === 'required' ? 'Takes key and secret.' : 'The key alone will do; with the secret more may be changed.';
    case 'environment':
      return `Takes a token of an API client with the role \`${access.role}\`.`;
    case 'end-user':
      return 'Takes a token that the application signed for its end user.';
    case 'project':
      return `Takes the permission \`${access.permission}\` in the project.`;
    case 'signed-in':
      return 'Takes the access token of any user who is logged in.';
    case 'staff':
      return 'Takes a member of staff in person, by their token.';
    case 'admin':
      return 'Any member of staff and any API key above projects may call it; what is done and answered is what they may do and see.';
    case 'admin-deployment':
      return `Takes the permission \`${access.permission}\` in the deployment.`;
    case 'admin-organisation':
      return `Takes the permission \`${access.permission}\` in the organisation.`;
    case 'admin-team':
      return `Takes the permission \`${access.permission}\` in the team.`;
    case 'admin-project':
      return `Takes the permission \`${access.permission}\` in the project.`;
    case 'admin-place': {
      const permissions = Object.entries(access.permissions).map(([level, permission]) => `\`${permission}\` (${level})`);
      return `Takes, at the place that the ${access.from} names, ${permissions.join(' or ')}.`;
    }
  }
}
