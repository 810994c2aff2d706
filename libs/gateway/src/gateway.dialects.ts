import { Dialects } from './http/dialects.js';
import { problemDetails } from './http/problem-details.js';
import { engagementDialect } from './surfaces/engagement/engagement.dialect.js';
import { environmentDialect } from './surfaces/environment/environment.dialect.js';
import { oauthDialect } from './surfaces/environment/oauth.dialect.js';

/** The dialect of each surface. */
export const dialects = new Dialects([
  environmentDialect,
  engagementDialect,
  oauthDialect,
  problemDetails('project', 'Bearer realm="rollcall"'),
  problemDetails('admin', 'Bearer realm="rollcall"'),
  problemDetails('deployment', 'Bearer realm="rollcall"'),
]);
