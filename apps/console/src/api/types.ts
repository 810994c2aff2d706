/** What the HTTP API answers and takes, by the names that the console has for it. The types are made of the API's own description. */
import type { Answer, Item, RequestBody } from '#libs/client';

export interface Page {
  next_cursor: string | null;
}

export type StaffUser = Answer<'GET /v1/admin/users/me'>;
export type StaffStatus = StaffUser['status'];
export type Memberships = Answer<'GET /v1/admin/users/{user_id}/memberships'>;
export type Organisation = Answer<'GET /v1/admin/orgs/{org_id}'>;
export type Team = Answer<'GET /v1/admin/teams/{team_id}'>;
export type Project = Answer<'GET /v1/admin/projects/{project_id}'>;
export type ProjectChanges = RequestBody<'PATCH /v1/admin/projects/{project_id}'>;
export type Access = Answer<'GET /v1/admin/users/{user_id}/access'>;
export type Session = Item<'GET /v1/auth/sessions'>;
export type Invitation = Item<'GET /v1/admin/invitations'>;

/** Somebody with a role at a place; only in an organisation they have a status there. */
export type Member = Omit<Item<'GET /v1/admin/teams/{team_id}/members'>, 'status'> & Partial<Pick<Item<'GET /v1/admin/orgs/{org_id}/members'>, 'status'>>;

/** A user of a project, as its lists show them. */
export type ProjectUserPage = Answer<'GET /{project}/users'>;
export type ProjectUser = ProjectUserPage['data'][number];
/** A user with all that is kept of them. */
export type WholeUser = Answer<'GET /v1/admin/projects/{project_id}/users/{user_id}'>;
export type TrackedEvent = Item<'GET /v1/admin/projects/{project_id}/users/{user_id}/events'>;
export type DayCount = Answer<'GET /v1/admin/projects/{project_id}/users/{user_id}/events/daily'>['days'][number];
export type Figures = Answer<'GET /v1/admin/projects/{project_id}/figures'>;
export type Scalar = string | number | boolean;

/** A role in a project: one that every project has, or one of its own. */
export type Role = Answer<'GET /{project}/roles'>['data'][number];
export type Permission = Role['permissions'][number];
export type List = Item<'GET /v1/admin/projects/{project_id}/lists'>;
export type Segment = Answer<'GET /v1/admin/projects/{project_id}/segments/{segment_id}'>;
export type CustomField = Answer<'GET /v1/admin/projects/{project_id}/custom-fields'>['fields'][number];
export type Webhook = Answer<'GET /v1/admin/projects/{project_id}/webhooks/{webhook_id}'>;
export type Delivery = Item<'GET /v1/admin/projects/{project_id}/webhooks/{webhook_id}/deliveries'>;
export type WebhookTest = Answer<'POST /v1/admin/projects/{project_id}/webhooks/{webhook_id}/test'>;
export type SsoConnection = Omit<Answer<'GET /v1/admin/orgs/{org_id}/sso'>, 'org_id' | 'created_at' | 'updated_at'>;
export type SsoConnections = Answer<'GET /v1/admin/orgs/{org_id}/sso-connections'>;
export type SsoTest = Answer<'POST /v1/admin/orgs/{org_id}/sso/test'>;
export type SdkKey = Item<'GET /v1/admin/projects/{project_id}/sdk-keys'>;
export type NewSdkKey = RequestBody<'PUT /v1/admin/projects/{project_id}/sdk-keys'>;

/** Something that opens an API, as its list shows it: never itself. */
export type Credential = Omit<Item<'GET /v1/admin/projects/{project_id}/engagement-keys'>, 'engagement_key_id'> & Partial<Record<'api_key_id' | 'client_id' | 'engagement_key_id', string>>;

export type AuditEntry = Item<'GET /v1/admin/audit'>;
export type Erasure = Answer<'GET /v1/admin/erasures/{job_id}'>;
export type Jobs = Answer<'GET /v1/admin/jobs'>;
export type Job = Jobs['jobs'][number];
export type DeadLetterPage = Answer<'GET /v1/admin/dead-letters'>;
export type DeadLetter = DeadLetterPage['dead_letters'][number];
export type FailedJob = Answer<'GET /v1/admin/failed-jobs'>['failed_jobs'][number];
