import type { Credential } from './types.js';

export interface KeyKind {
  /** The part of the address that lists them, and the field of the answer. */
  path: string;
  field: string;
  title: string;
  about: string;
  singular: string;
  idOf: (credential: Credential) => string;
  /** Roles that may be chosen of. */
  roles: readonly { value: string; label: string }[];
  /** Roles are a list in the body, not one. */
  hasManyRoles?: boolean;
  /** Fields of the answer that are shown once, with what they are. */
  secrets: readonly (readonly [field: string, label: string])[];
}

const projectRoles = [
  { value: 'viewer', label: 'Viewer: reads' },
  { value: 'editor', label: 'Editor: also lists, segments, events' },
  { value: 'project_admin', label: 'Administrator: everything in the project' },
];

export const projectKeyKinds: readonly KeyKind[] = [
  {
    path: 'engagement-keys',
    field: 'engagement_keys',
    title: 'Engagement keys',
    singular: 'engagement key',
    about: 'For your app, by HTTP Basic: the key alone may stand in a page and writes; with its secret it reads as well.',
    idOf: ({ engagement_key_id = '' }) => engagement_key_id,
    roles: [],
    secrets: [
      ['key', 'Key'],
      ['secret', 'Secret'],
    ],
  },
  {
    path: 'api-clients',
    field: 'api_clients',
    title: 'API clients',
    singular: 'API client',
    about: 'For your backend: client credentials, exchanged for a token at /oauth2/token.',
    idOf: ({ client_id = '' }) => client_id,
    roles: [
      { value: 'events', label: 'Events: customers and what they do' },
      { value: 'workbench', label: 'Workbench: custom fields' },
    ],
    hasManyRoles: true,
    secrets: [
      ['client_id', 'Client id'],
      ['client_secret', 'Client secret'],
    ],
  },
  {
    path: 'api-keys',
    field: 'api_keys',
    title: 'API keys',
    singular: 'API key',
    about: 'For tools that act as an administrator of this project, in the header X-API-Key.',
    idOf: ({ api_key_id = '' }) => api_key_id,
    roles: projectRoles,
    secrets: [['key', 'API key']],
  },
];

export const organisationKeyKind: KeyKind = {
  path: 'api-keys',
  field: 'api_keys',
  title: 'API keys of the organisation',
  singular: 'API key',
  about: 'For tools that administer the organisation, its teams and all its projects, in the header X-API-Key.',
  idOf: ({ api_key_id = '' }) => api_key_id,
  roles: [
    { value: 'org_admin', label: 'Administrator: everything in the organisation' },
    { value: 'member', label: 'Member' },
  ],
  secrets: [['key', 'API key']],
};
