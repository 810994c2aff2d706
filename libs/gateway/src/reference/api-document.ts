import type { Dialects } from '../http/dialects.js';
import type { SurfaceName } from '../http/dialect.js';
import { Components } from './components.js';
import { describeOperation } from './operation-document.js';
import type { Operation } from './operations.js';
import { securityOf } from './security.js';

/** The documents that there are, besides the one of all: a surface each. */
export const documentNames = ['environment', 'engagement', 'project', 'admin', 'deployment'] as const;
export type DocumentName = (typeof documentNames)[number];

interface Section {
  letter: string;
  title: string;
  surfaces: readonly SurfaceName[];
  description: string;
}

export const sections: Readonly<Record<DocumentName, Section>> = {
  environment: { letter: 'A', title: 'Environment surface', surfaces: ['environment', 'oauth'], description: 'Customers, their profiles and custom fields, for your backend with a token of `POST /oauth2/token`; and, below `/users/me`, for end users themselves. Every path is also there under `/v1/{project}`.' },
  engagement: { letter: 'B', title: 'Engagement surface', surfaces: ['engagement'], description: 'Users, their events, lists, segments and accounts, by HTTP Basic with a key and its secret. `/v1` may be left out. Fields of a body that are not known are ignored.' },
  project: { letter: 'C', title: 'Project surface', surfaces: ['project'], description: 'The users of a project as its administrators and the users themselves see them: logins, lists, roles.' },
  admin: { letter: 'D', title: 'Admin surface', surfaces: ['admin'], description: 'Organisations, teams, projects and the people in them; credentials, segments, jobs and the audit trail; and everything under `/v1/auth`.' },
  deployment: { letter: 'E', title: 'Deployment', surfaces: ['deployment'], description: 'For operators, for whoever verifies tokens and receipts, and for readers of this reference.' },
};

export interface ApiDocument {
  openapi: string;
  paths: Record<string, Record<string, Record<string, unknown>>>;
  [key: string]: unknown;
}

/** OpenAPI 3.1 of one surface, or of all. @param version of Rollcall */
export function apiDocument(name: DocumentName | 'all', operations: readonly Operation[], dialects: Dialects, { publicUrl, version }: { publicUrl: string; version: string }): ApiDocument {
  const names = name === 'all' ? documentNames : [name];
  const components = new Components();
  const paths: ApiDocument['paths'] = {};
  const tags = new Map<string, { name: string; description: string }>();
  const included = names.flatMap((each) => operations.filter(({ route }) => sections[each].surfaces.includes(route.surface)).map((operation) => ({ operation, section: sections[each] })));
  for (const { operation, section } of included) {
    const tag = `${section.letter}. ${operation.topic}`;
    tags.set(tag, { name: tag, description: `${operation.topic}, on the ${section.title.toLowerCase()}.` });
    const { route, path } = operation;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describeOperation(operation, dialects.ofSurface(route.surface), tag, components) };
  }
  const [only] = names;
  const single = name === 'all' || only === undefined ? undefined : sections[only];
  return {
    openapi: '3.1.0',
    info: {
      title: single === undefined ? 'Rollcall' : `Rollcall: ${single.title.toLowerCase()}`,
      version,
      description: single?.description ?? ['Identity, profiles and membership of one user, on four surfaces.', ...Object.values(sections).map(({ letter, title, description }) => `**${letter}. ${title}.** ${description}`)].join('\n\n'),
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      contact: { name: 'Whoever runs this deployment', url: publicUrl },
    },
    servers: [{ url: publicUrl, description: 'This deployment, local or in production', 'x-internal': false }],
    tags: [...tags.values()],
    'x-tagGroups': names.map((each) => ({ name: `${sections[each].letter}. ${sections[each].title}`, tags: [...tags.keys()].filter((tag) => tag.startsWith(`${sections[each].letter}. `)) })),
    paths,
    components: components.document(new Set(included.flatMap(({ operation }) => securityOf(operation.route)))),
  };
}
