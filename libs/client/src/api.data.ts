// Made by `node tools/client/api-types.mjs` of the API's description f467aae4d942b798: e6553c4b6c50aa63. Not to be changed by hand.
export type ErrorCode =
  | 'account-change-forbidden'
  | 'account-is-user'
  | 'account-not-found'
  | 'activity-field-taken'
  | 'body-too-large'
  | 'consumer-unknown'
  | 'credential-not-found'
  | 'credential-unknown'
  | 'credentials-invalid'
  | 'credentials-missing'
  | 'cross-site-request'
  | 'dead-letter-not-found'
  | 'delivery-not-found'
  | 'deployment-claimed'
  | 'email-change-forbidden'
  | 'email-missing'
  | 'email-taken'
  | 'email-unchanged'
  | 'erasure-running'
  | 'feed-position-expired'
  | 'feed-position-unknown'
  | 'field-busy'
  | 'field-conflict'
  | 'field-not-found'
  | 'hash-refused'
  | 'hashing-overloaded'
  | 'idempotency-key-in-use'
  | 'idempotency-key-reused'
  | 'import-file-refused'
  | 'import-finished'
  | 'import-not-found'
  | 'import-not-open'
  | 'import-too-large'
  | 'imports-full'
  | 'internal-error'
  | 'invalid-activity-event'
  | 'invalid-client'
  | 'invalid-credentials'
  | 'invalid-cursor'
  | 'invalid-event'
  | 'invalid-field'
  | 'invalid-filter'
  | 'invalid-list'
  | 'invalid-profile'
  | 'invalid-request'
  | 'invalid-segment'
  | 'invitation-closed'
  | 'invitation-expired'
  | 'invitation-invalid'
  | 'invitation-not-found'
  | 'invitation-pending'
  | 'invited-too-often'
  | 'job-not-found'
  | 'last-org-admin'
  | 'last-super-admin'
  | 'list-limit'
  | 'list-not-found'
  | 'list-too-slow'
  | 'login-name-missing'
  | 'login-outranks'
  | 'malformed-body'
  | 'malformed-request'
  | 'malformed-url'
  | 'member-inactive'
  | 'merge-same-user'
  | 'merge-source-logs-in'
  | 'message-too-large'
  | 'metadata-too-large'
  | 'method-not-allowed'
  | 'not-in-account'
  | 'not-in-segment'
  | 'organisation-in-use'
  | 'organisation-not-found'
  | 'origin-not-allowed'
  | 'page-too-far'
  | 'password-refused'
  | 'password-required'
  | 'password-wrong'
  | 'permission-missing'
  | 'permission-not-held'
  | 'preview-running'
  | 'preview-too-slow'
  | 'project-in-use'
  | 'project-not-found'
  | 'receipt-not-found'
  | 'refresh-token-invalid'
  | 'replay-too-large'
  | 'role-built-in'
  | 'role-held'
  | 'role-implied'
  | 'role-limit'
  | 'role-not-found'
  | 'role-required'
  | 'role-reserved'
  | 'role-unknown'
  | 'route-not-found'
  | 'sdk-key-not-found'
  | 'sdk-key-refused'
  | 'segment-limit'
  | 'segment-not-found'
  | 'service-not-allowed'
  | 'service-unavailable'
  | 'session-ended'
  | 'session-not-found'
  | 'signing-key-in-use'
  | 'signing-key-not-found'
  | 'slug-reserved'
  | 'slug-taken'
  | 'sort-too-large'
  | 'sso-attempt-unknown'
  | 'sso-code-invalid'
  | 'sso-domain-forbidden'
  | 'sso-email-unverified'
  | 'sso-not-invited'
  | 'sso-not-set-up'
  | 'sso-provider-forbidden'
  | 'sso-provider-refused'
  | 'sso-refused'
  | 'sso-return-refused'
  | 'sso-secret-missing'
  | 'step-token-invalid'
  | 'suppression-not-found'
  | 'team-in-use'
  | 'team-name-taken'
  | 'team-not-found'
  | 'token-invalid'
  | 'too-many-attempts'
  | 'too-many-imports'
  | 'too-many-requests'
  | 'too-many-webhooks'
  | 'uid-change-forbidden'
  | 'uid-mismatch'
  | 'uid-taken'
  | 'unsupported-grant-type'
  | 'unsupported-media-type'
  | 'user-erased'
  | 'user-inactive'
  | 'user-is-staff'
  | 'user-name-taken'
  | 'user-not-found'
  | 'user-required'
  | 'user-shared'
  | 'webhook-not-found'
  | 'webhook-url-refused';

export interface EnvironmentCalls {
  /** Exchange client credentials for an access token (RFC 6749, 4.4) */
  'POST /oauth2/token': { body: Schemas['TokenIssueBody']; answer: Schemas['TokenIssueAnswer'] };
  /** Erase customers everywhere */
  'PUT /delete-users': { body: Schemas['DeleteUsersDeleteBody']; answer: Schemas['DeleteUsersDeleteAnswer'] };
  /** Erase customers everywhere */
  'PUT /v1/{project}/delete-users': { path: { project?: string }; body: Schemas['DeleteUsersDeleteBody']; answer: Schemas['DeleteUsersDeleteAnswer'] };
  /** How far an erasure has come, and its receipts */
  'GET /delete-users/{job_id}': { path: { job_id: string }; answer: Schemas['DeleteUsersGetAnswer'] };
  /** How far an erasure has come, and its receipts */
  'GET /v1/{project}/delete-users/{job_id}': { path: { project?: string; job_id: string }; answer: Schemas['DeleteUsersGetAnswer'] };
  /** List customers, newest first */
  'GET /users': { query: Schemas['EnvironmentUsersListQuery']; answer: Schemas['EnvironmentUsersListAnswer'] };
  /** Create and update customers: all of them, or none */
  'POST /users': { body: Schemas['EnvironmentUsersSaveBody']; answer: Schemas['EnvironmentUsersSaveAnswer'] };
  /** List customers, newest first */
  'GET /v1/{project}/users': { path: { project?: string }; query: Schemas['EnvironmentUsersListInProjectQuery']; answer: Schemas['EnvironmentUsersListAnswer'] };
  /** Create and update customers: all of them, or none */
  'POST /v1/{project}/users': { path: { project?: string }; body: Schemas['EnvironmentUsersSaveBody']; answer: Schemas['EnvironmentUsersSaveAnswer'] };
  /** List the custom profile fields */
  'GET /users/custom-profile-fields': { answer: Schemas['ProfileFieldsListAnswer'] };
  /** Add custom profile fields, or change their labels and types */
  'PUT /users/custom-profile-fields': { body?: Schemas['ProfileFieldsPutBody']; answer: Schemas['ProfileFieldsListAnswer'] };
  /** List the custom profile fields */
  'GET /v1/{project}/users/custom-profile-fields': { path: { project?: string }; answer: Schemas['ProfileFieldsListAnswer'] };
  /** Add custom profile fields, or change their labels and types */
  'PUT /v1/{project}/users/custom-profile-fields': { path: { project?: string }; body?: Schemas['ProfileFieldsPutBody']; answer: Schemas['ProfileFieldsListAnswer'] };
  /** Remove a custom profile field, and its values */
  'DELETE /users/custom-profile-fields/{name}': { path: { name: string }; answer: Schemas['ProfileFieldsListAnswer'] };
  /** Remove a custom profile field, and its values */
  'DELETE /v1/{project}/users/custom-profile-fields/{name}': { path: { project?: string; name: string }; answer: Schemas['ProfileFieldsListAnswer'] };
  /** List the events whose first and last times are kept with each customer */
  'GET /users/activity-events': { answer: Schemas['ActivityEventsListAnswer'] };
  /** Say of which events first_…_at and last_…_at are kept: of these, and no others */
  'PUT /users/activity-events': { body: Schemas['ActivityEventsPutBody']; answer: Schemas['ActivityEventsListAnswer'] };
  /** List the events whose first and last times are kept with each customer */
  'GET /v1/{project}/users/activity-events': { path: { project?: string }; answer: Schemas['ActivityEventsListAnswer'] };
  /** Say of which events first_…_at and last_…_at are kept: of these, and no others */
  'PUT /v1/{project}/users/activity-events': { path: { project?: string }; body: Schemas['ActivityEventsPutBody']; answer: Schemas['ActivityEventsListAnswer'] };
}

export interface EngagementCalls {
  /** The users of the project, the newest first */
  'GET /v1/users': { query: Schemas['EngagementUserChangesListQuery']; answer: Schemas['EngagementUserChangesListAnswer'] };
  /** Create a user, or update the one that has this id */
  'POST /v1/users': { body: Schemas['EngagementUsersCreateBody']; answer: Schemas['EngagementUsersCreateAnswer'] };
  /** Retrieve a user */
  'GET /v1/users/{uid}': { path: { uid: string }; answer: Schemas['EngagementUsersCreateAnswer'] };
  /** Update a user, or create one who is not there */
  'PUT /v1/users/{uid}': { path: { uid: string }; body: Schemas['EngagementUserChangesUpdateBody']; answer: Schemas['EngagementUsersCreateAnswer'] };
  /** Erase a user everywhere */
  'DELETE /v1/users/{uid}': { path: { uid: string }; answer: Schemas['EndUsersTrackAnswer'] };
  /** A user’s time line, newest first */
  'GET /v1/users/{uid}/events': { path: { uid: string }; query: Schemas['EngagementEventsListQuery']; answer: Schemas['EngagementEventsListAnswer'] };
  /** Add an event to a user’s time line */
  'POST /v1/users/{uid}/events': { path: { uid: string }; body: Schemas['EndUsersTrackBody']; answer: Schemas['EndUsersTrackAnswer'] };
  /** Make a customer an account, or an account a customer */
  'POST /v1/users/{uid}/convert': { path: { uid: string }; body: Schemas['EngagementUserChangesConvertBody']; answer: Schemas['EngagementUsersCreateAnswer'] };
  /** Add a user to accounts */
  'POST /v1/users/{uid}/accounts': { path: { uid: string }; body: Schemas['EngagementAccountsJoinBody']; answer: Schemas['EngagementUsersCreateAnswer'] };
  /** Change a user’s role in an account */
  'PUT /v1/users/{uid}/accounts/{account}': { path: { uid: string; account: string }; body: Schemas['EngagementAccountsChangeBody']; answer: Schemas['EngagementUsersCreateAnswer'] };
  /** Remove a user from an account */
  'DELETE /v1/users/{uid}/accounts/{account}': { path: { uid: string; account: string }; answer: Schemas['EngagementUsersCreateAnswer'] };
  /** Make two users one */
  'POST /v1/users/merge': { body: Schemas['EngagementMergeMergeBody']; answer: Schemas['EngagementUsersCreateAnswer'] };
  /** Add up to 1,000 events to users’ time lines */
  'POST /v1/users/events/batch': { body: Schemas['EngagementEventBatchTrackBody']; answer: Schemas['EngagementEventBatchTrackAnswer'] };
  /** Subscribe a user to a list, or end the subscription */
  'PUT /v1/users/{uid}/lists/{list_id}': { path: { uid: string; list_id: string }; body: Schemas['EngagementListsSetBody']; answer: Schemas['EngagementUsersCreateAnswer'] };
  /** Keep from a member what is sent to a segment, or end that */
  'PUT /v1/users/{uid}/segments/{segment_id}': { path: { uid: string; segment_id: string }; body: Schemas['EngagementSegmentsSetBody']; answer: Schemas['EngagementUsersCreateAnswer'] };
  /** How far an erasure has come, and its receipts */
  'GET /v1/erasures/{job_id}': { path: { job_id: string }; answer: Schemas['EngagementErasuresGetAnswer'] };
}

export interface ProjectCalls {
  /** Log a user in by user name or email */
  'POST /{project}/users/login': { path: { project?: string }; body: Schemas['ProjectLoginLogInBody']; answer: Schemas['ProjectLoginLogInAnswer'] };
  /** Go on with a login whose next step is new-password: choose another password, and be logged in */
  'POST /{project}/users/login/new-password': { path: { project?: string }; body: Schemas['ProjectLoginNewPasswordBody']; answer: Schemas['ProjectLoginNewPasswordAnswer'] };
  /** Rotate a refresh token */
  'POST /{project}/users/refresh': { path: { project?: string }; body: Schemas['ProjectLoginRefreshBody']; answer: Schemas['ProjectLoginNewPasswordAnswer'] };
  /** End the session of a refresh token */
  'POST /{project}/users/logout': { path: { project?: string }; body: Schemas['ProjectLoginRefreshBody']; answer: undefined };
  /** List the users of the project: those at home in it, and staff with a role in it */
  'GET /{project}/users': { path: { project?: string }; query: Schemas['ProjectUserListsListQuery'] & { [filter: `filter[${string}][${string}]`]: string | number | boolean }; answer: Schemas['ProjectUserListsListAnswer'] };
  /** Count the users that the list would have */
  'GET /{project}/users/count': { path: { project?: string }; query: Schemas['ProjectUserListsCountQuery'] & { [filter: `filter[${string}][${string}]`]: string | number | boolean }; answer: Schemas['ProjectUserListsCountAnswer'] };
  /** Get a user */
  'GET /{project}/users/{id}': { path: { project?: string; id: string }; query: Schemas['ProjectUsersGetQuery']; answer: Schemas['ProjectUsersGetAnswer'] };
  /** Change a user: what is absent stays, attributes are merged, roles are replaced */
  'PUT /{project}/users/{id}': { path: { project?: string; id: string }; body: Schemas['ProjectUserChangesUpdateBody']; answer: Schemas['ProjectUserChangesUpdateAnswer'] };
  /** Erase a user everywhere; staff lose the role that they were given in the project */
  'DELETE /{project}/users/{id}': { path: { project?: string; id: string }; answer: undefined };
  /** Give a user a password; ends their other sessions */
  'POST /{project}/users/{id}/change-password': { path: { project?: string; id: string }; body: Schemas['ProjectUsersChangePasswordBody']; answer: Schemas['ProjectUsersChangePasswordAnswer'] };
  /** Register a user */
  'POST /{project}/users/register': { path: { project?: string }; body: Schemas['ProjectUserChangesRegisterBody']; answer: Schemas['ProjectUsersChangePasswordAnswer'] };
  /** Open or close a user’s account; closing it ends their sessions */
  'POST /{project}/users/{id}/status': { path: { project?: string; id: string }; body: Schemas['ProjectUserChangesSetStatusBody']; answer: Schemas['ProjectUsersChangePasswordAnswer'] };
  /** List the roles of the project, with what they permit */
  'GET /{project}/roles': { path: { project?: string }; answer: Schemas['ProjectRolesListAnswer'] };
  /** Get a role */
  'GET /{project}/roles/{role}': { path: { project?: string; role: string }; answer: Schemas['ProjectRolesGetAnswer'] };
  /** Make a role of the project, or change what it permits */
  'PUT /{project}/roles/{role}': { path: { project?: string; role: string }; body: Schemas['ProjectRolesPutBody']; answer: Schemas['ProjectRolesGetAnswer'] };
  /** Remove a role that nobody holds */
  'DELETE /{project}/roles/{role}': { path: { project?: string; role: string }; answer: undefined };
  /** How far an erasure has come, and its receipts */
  'GET /{project}/erasures/{job_id}': { path: { project?: string; job_id: string }; answer: Schemas['EngagementErasuresGetAnswer'] };
}

export interface AdminCalls {
  /** List the events whose first and last times are kept with each user */
  'GET /v1/admin/projects/{project_id}/activity-events': { path: { project_id: string }; answer: Schemas['AdminActivityEventsListAnswer'] };
  /** Say of which events first_…_at and last_…_at are kept: of these, and no others */
  'PUT /v1/admin/projects/{project_id}/activity-events': { path: { project_id: string }; body: Schemas['ActivityEventsPutBody']; answer: Schemas['AdminActivityEventsListAnswer'] };
  /** Log a staff member in */
  'POST /v1/auth/login': { body: Schemas['AdminAuthLogInBody']; answer: Schemas['AdminAuthLogInAnswer'] };
  /** Go on with a login whose next step is new-password, on any surface: choose another password, and be logged in */
  'POST /v1/auth/login/new-password': { body: Schemas['ProjectLoginNewPasswordBody']; answer: Schemas['AdminAuthNewPasswordAnswer'] };
  /** Rotate a staff member’s refresh token */
  'POST /v1/auth/refresh': { body: Schemas['AdminAuthRefreshBody']; answer: Schemas['AdminAuthRefreshAnswer'] };
  /** End the session of a refresh token */
  'POST /v1/auth/logout': { body: Schemas['AdminAuthRefreshBody']; answer: undefined };
  /** Mail a link to set a new password */
  'POST /v1/auth/password/forgot': { body: Schemas['PasswordForgotBody']; answer: Schemas['PasswordForgotAnswer'] };
  /** Set a new password with the token of the mailed link */
  'POST /v1/auth/password/reset': { body: Schemas['PasswordResetBody']; answer: undefined };
  /** Change one’s own password */
  'PUT /v1/auth/me/password': { body: Schemas['PasswordChangeBody']; answer: undefined };
  /** Mail a link to confirm an email */
  'POST /v1/auth/email/verify': { body: Schemas['PasswordForgotBody']; answer: Schemas['PasswordForgotAnswer'] };
  /** Confirm an email, or a new one, with the token of the mailed link */
  'POST /v1/auth/email/confirm': { body: Schemas['EmailConfirmBody']; answer: undefined };
  /** Change one’s own email */
  'PUT /v1/auth/me/email': { body: Schemas['EmailChangeBody']; answer: Schemas['PasswordForgotAnswer'] };
  /** Who is logged in */
  'GET /v1/auth/me': { answer: Schemas['OwnAccountMeAnswer'] };
  /** List where one is logged in, newest first */
  'GET /v1/auth/sessions': { query: Schemas['OwnAccountListQuery']; answer: Schemas['OwnAccountListAnswer'] };
  /** Log out everywhere */
  'DELETE /v1/auth/sessions': { query: Schemas['OwnAccountEndAllQuery']; answer: undefined };
  /** Log out of one session */
  'DELETE /v1/auth/sessions/{session_id}': { path: { session_id: string }; answer: undefined };
  /** List API clients, newest first */
  'GET /v1/admin/projects/{project_id}/api-clients': { path: { project_id: string }; query: Schemas['ApiClientsListQuery']; answer: Schemas['ApiClientsListAnswer'] };
  /** Make client credentials for the environment surface; the secret is shown this once */
  'POST /v1/admin/projects/{project_id}/api-clients': { path: { project_id: string }; body: Schemas['ApiClientsCreateBody']; answer: Schemas['ApiClientsCreateAnswer'] };
  /** Get an API client */
  'GET /v1/admin/projects/{project_id}/api-clients/{client_id}': { path: { project_id: string; client_id: string }; answer: Schemas['ApiClientsGetAnswer'] };
  /** Revoke an API client, and every token that it was issued */
  'DELETE /v1/admin/projects/{project_id}/api-clients/{client_id}': { path: { project_id: string; client_id: string }; answer: undefined };
  /** List engagement keys, newest first */
  'GET /v1/admin/projects/{project_id}/engagement-keys': { path: { project_id: string }; query: Schemas['EngagementKeysListQuery']; answer: Schemas['EngagementKeysListAnswer'] };
  /** Make a key and secret for the engagement surface; both are shown this once */
  'POST /v1/admin/projects/{project_id}/engagement-keys': { path: { project_id: string }; body?: Schemas['EngagementKeysCreateBody']; answer: Schemas['EngagementKeysCreateAnswer'] };
  /** Get an engagement key */
  'GET /v1/admin/projects/{project_id}/engagement-keys/{engagement_key_id}': { path: { project_id: string; engagement_key_id: string }; answer: Schemas['EngagementKeysGetAnswer'] };
  /** Revoke an engagement key and its secret */
  'DELETE /v1/admin/projects/{project_id}/engagement-keys/{engagement_key_id}': { path: { project_id: string; engagement_key_id: string }; answer: undefined };
  /** List API keys of the project, newest first */
  'GET /v1/admin/projects/{project_id}/api-keys': { path: { project_id: string }; query: Schemas['ApiKeysListQuery']; answer: Schemas['ApiKeysListAnswer'] };
  /** Make an API key of the project, for the project surface; it is shown this once */
  'POST /v1/admin/projects/{project_id}/api-keys': { path: { project_id: string }; body: Schemas['ApiKeysCreateBody']; answer: Schemas['ApiKeysCreateAnswer'] };
  /** Get an API key */
  'GET /v1/admin/projects/{project_id}/api-keys/{api_key_id}': { path: { project_id: string; api_key_id: string }; answer: Schemas['ApiKeysGetAnswer'] };
  /** Revoke an API key */
  'DELETE /v1/admin/projects/{project_id}/api-keys/{api_key_id}': { path: { project_id: string; api_key_id: string }; answer: undefined };
  /** List API keys of the organisation, newest first */
  'GET /v1/admin/orgs/{org_id}/api-keys': { path: { org_id: string }; query: Schemas['OrgApiKeysListQuery']; answer: Schemas['ApiKeysListAnswer'] };
  /** Make an API key of the organisation; it is shown this once */
  'POST /v1/admin/orgs/{org_id}/api-keys': { path: { org_id: string }; body: Schemas['OrgApiKeysCreateBody']; answer: Schemas['ApiKeysCreateAnswer'] };
  /** Get an API key of the organisation */
  'GET /v1/admin/orgs/{org_id}/api-keys/{api_key_id}': { path: { org_id: string; api_key_id: string }; answer: Schemas['ApiKeysGetAnswer'] };
  /** Revoke an API key of the organisation */
  'DELETE /v1/admin/orgs/{org_id}/api-keys/{api_key_id}': { path: { org_id: string; api_key_id: string }; answer: undefined };
  /** Make a key with the same name and role, and revoke this one */
  'POST /v1/admin/orgs/{org_id}/api-keys/{api_key_id}/rotate': { path: { org_id: string; api_key_id: string }; answer: Schemas['ApiKeysCreateAnswer'] };
  /** List SDK keys, newest first */
  'GET /v1/admin/projects/{project_id}/sdk-keys': { path: { project_id: string }; query: Schemas['SdkKeysListQuery']; answer: Schemas['SdkKeysListAnswer'] };
  /** Register the public key that end-user tokens are verified with, or replace the one of this name */
  'PUT /v1/admin/projects/{project_id}/sdk-keys': { path: { project_id: string }; body: Schemas['SdkKeysPutBody']; answer: Schemas['SdkKeysPutAnswer'] };
  /** Get an SDK key */
  'GET /v1/admin/projects/{project_id}/sdk-keys/{sdk_key_id}': { path: { project_id: string; sdk_key_id: string }; answer: Schemas['SdkKeysPutAnswer'] };
  /** Remove an SDK key, and with it every token that it signed */
  'DELETE /v1/admin/projects/{project_id}/sdk-keys/{sdk_key_id}': { path: { project_id: string; sdk_key_id: string }; answer: undefined };
  /** List the lists, newest first */
  'GET /v1/admin/projects/{project_id}/lists': { path: { project_id: string }; query: Schemas['ListsListQuery']; answer: Schemas['ListsListAnswer'] };
  /** Make a list that users subscribe to */
  'POST /v1/admin/projects/{project_id}/lists': { path: { project_id: string }; body: Schemas['ListsCreateBody']; answer: Schemas['ListsCreateAnswer'] };
  /** Get a list */
  'GET /v1/admin/projects/{project_id}/lists/{list_id}': { path: { project_id: string; list_id: string }; answer: Schemas['ListsCreateAnswer'] };
  /** Rename a list */
  'PATCH /v1/admin/projects/{project_id}/lists/{list_id}': { path: { project_id: string; list_id: string }; body: Schemas['EngagementKeysCreateBody']; answer: Schemas['ListsCreateAnswer'] };
  /** Remove a list and every subscription to it */
  'DELETE /v1/admin/projects/{project_id}/lists/{list_id}': { path: { project_id: string; list_id: string }; answer: undefined };
  /** List the segments, newest first */
  'GET /v1/admin/projects/{project_id}/segments': { path: { project_id: string }; query: Schemas['SegmentsListQuery']; answer: Schemas['SegmentsListAnswer'] };
  /** Make a segment: users who fit a rule */
  'POST /v1/admin/projects/{project_id}/segments': { path: { project_id: string }; body: Schemas['SegmentsCreateBody']; answer: Schemas['SegmentsCreateAnswer'] };
  /** Count the users whom a rule would find, without making a segment */
  'POST /v1/admin/projects/{project_id}/segments/preview': { path: { project_id: string }; body: Schemas['SegmentsPreviewBody']; answer: Schemas['SegmentsPreviewAnswer'] };
  /** Get a segment, how far its members are computed, and how many there are */
  'GET /v1/admin/projects/{project_id}/segments/{segment_id}': { path: { project_id: string; segment_id: string }; answer: Schemas['SegmentsGetAnswer'] };
  /** Rename a segment, or give it another rule */
  'PATCH /v1/admin/projects/{project_id}/segments/{segment_id}': { path: { project_id: string; segment_id: string }; body: Schemas['SegmentsChangeBody']; answer: Schemas['SegmentsCreateAnswer'] };
  /** Remove a segment */
  'DELETE /v1/admin/projects/{project_id}/segments/{segment_id}': { path: { project_id: string; segment_id: string }; answer: undefined };
  /** List the organisations that you are a member of, newest first; a super_admin sees all */
  'GET /v1/admin/orgs': { query: Schemas['OrgsListQuery']; answer: Schemas['OrgsListAnswer'] };
  /** Make an organisation; its first org_admin comes by invitation, or by a grant */
  'POST /v1/admin/orgs': { body: Schemas['OrgsCreateBody']; answer: Schemas['OrgsCreateAnswer'] };
  /** Get an organisation */
  'GET /v1/admin/orgs/{org_id}': { path: { org_id: string }; answer: Schemas['OrgsCreateAnswer'] };
  /** Rename an organisation, or give it another slug */
  'PATCH /v1/admin/orgs/{org_id}': { path: { org_id: string }; body: Schemas['OrgsChangeBody']; answer: Schemas['OrgsCreateAnswer'] };
  /** Delete an organisation that has no projects and teams left, and all memberships in it */
  'DELETE /v1/admin/orgs/{org_id}': { path: { org_id: string }; answer: undefined };
  /** List teams, newest first: those you are in, and all of organisations that you administer */
  'GET /v1/admin/teams': { query: Schemas['TeamsListQuery']; answer: Schemas['TeamsListAnswer'] };
  /** Make a team of an organisation */
  'POST /v1/admin/teams': { body: Schemas['TeamsCreateBody']; answer: Schemas['TeamsCreateAnswer'] };
  /** Get a team */
  'GET /v1/admin/teams/{team_id}': { path: { team_id: string }; answer: Schemas['TeamsCreateAnswer'] };
  /** Rename a team */
  'PATCH /v1/admin/teams/{team_id}': { path: { team_id: string }; body: Schemas['EngagementKeysCreateBody']; answer: Schemas['TeamsCreateAnswer'] };
  /** Delete a team that has no projects left, and its members’ roles in it */
  'DELETE /v1/admin/teams/{team_id}': { path: { team_id: string }; answer: undefined };
  /** List projects, newest first: those your roles reach, and all of organisations that you administer */
  'GET /v1/admin/projects': { query: Schemas['ProjectsListQuery']; answer: Schemas['ProjectsListAnswer'] };
  /** Make a project of an organisation, or of one of its teams */
  'POST /v1/admin/projects': { body: Schemas['ProjectsCreateBody']; answer: Schemas['ProjectsCreateAnswer'] };
  /** Get a project, with its metadata and settings */
  'GET /v1/admin/projects/{project_id}': { path: { project_id: string }; answer: Schemas['ProjectsCreateAnswer'] };
  /** Change a project: keys of metadata and settings that are named change, null takes one out; team_id "" takes it out of its team */
  'PATCH /v1/admin/projects/{project_id}': { path: { project_id: string }; body: Schemas['ProjectsChangeBody']; answer: Schemas['ProjectsCreateAnswer'] };
  /** Delete a project with its roles and keys, and, if you say so, its users; else one that has none left */
  'DELETE /v1/admin/projects/{project_id}': { path: { project_id: string }; query: Schemas['ProjectsRemoveQuery']; answer: undefined };
  /** List those who were given a role in an organisation itself, the newest users first */
  'GET /v1/admin/orgs/{org_id}/members': { path: { org_id: string }; query: Schemas['OrgMembersListQuery']; answer: Schemas['OrgMembersListAnswer'] };
  /** Give somebody a role in the organisation in place of the one they have, activate or deactivate them there */
  'PUT /v1/admin/orgs/{org_id}/members/{user_id}': { path: { org_id: string; user_id: string }; body: Schemas['OrgMembersSetBody']; answer: Schemas['OrgMembersSetAnswer'] };
  /** Take somebody out of the organisation, its teams and its projects */
  'DELETE /v1/admin/orgs/{org_id}/members/{user_id}': { path: { org_id: string; user_id: string }; answer: undefined };
  /** List those who were given a role in a team itself, the newest users first */
  'GET /v1/admin/teams/{team_id}/members': { path: { team_id: string }; query: Schemas['TeamMembersListQuery']; answer: Schemas['TeamMembersListAnswer'] };
  /** Give somebody of the organisation a role in the team, in place of the one they have */
  'PUT /v1/admin/teams/{team_id}/members/{user_id}': { path: { team_id: string; user_id: string }; body: Schemas['TeamMembersSetBody']; answer: Schemas['TeamMembersSetAnswer'] };
  /** Take somebody out of the team */
  'DELETE /v1/admin/teams/{team_id}/members/{user_id}': { path: { team_id: string; user_id: string }; answer: undefined };
  /** List those who were given a role in a project itself, the newest users first */
  'GET /v1/admin/projects/{project_id}/members': { path: { project_id: string }; query: Schemas['ProjectMembersListQuery']; answer: Schemas['TeamMembersListAnswer'] };
  /** Give somebody of the organisation a role in the project, in place of those they were given there */
  'PUT /v1/admin/projects/{project_id}/members/{user_id}': { path: { project_id: string; user_id: string }; body: Schemas['TeamMembersSetBody']; answer: Schemas['TeamMembersSetAnswer'] };
  /** Take the roles that somebody was given in the project; those that a team or the organisation implies stay */
  'DELETE /v1/admin/projects/{project_id}/members/{user_id}': { path: { project_id: string; user_id: string }; answer: undefined };
  /** Get yourself */
  'GET /v1/admin/users/me': { answer: Schemas['MeMeAnswer'] };
  /** Change your name and preferences; status and global_role as far as you might change them of another of your rank */
  'PATCH /v1/admin/users/me': { body: Schemas['UserChangesChangeMeBody']; answer: Schemas['MeMeAnswer'] };
  /** List your teams; those who administer an organisation have all of its teams */
  'GET /v1/admin/users/me/teams': { query: Schemas['MeTeamsQuery']; answer: Schemas['MeTeamsAnswer'] };
  /** List the projects that your roles reach: implicit by your team or organisation, explicit where you were given a role there */
  'GET /v1/admin/users/me/projects': { query: Schemas['MeProjectsQuery']; answer: Schemas['MeProjectsAnswer'] };
  /** List the people of an organisation, a team or a project (those with a role in it, and the members of its team); without a scope, of your organisation */
  'GET /v1/admin/users': { query: Schemas['UsersListQuery']; answer: Schemas['UsersListAnswer'] };
  /** Get somebody you share an organisation, a team or a project with */
  'GET /v1/admin/users/{user_id}': { path: { user_id: string }; answer: Schemas['MeMeAnswer'] };
  /** Change somebody: name and preferences while yours is their only organisation, their status in yours; as a super_admin anybody */
  'PATCH /v1/admin/users/{user_id}': { path: { user_id: string }; body: Schemas['UserChangesChangeMeBody']; answer: Schemas['MeMeAnswer'] };
  /** Delete somebody whose only organisation is yours: sessions end, lists hide them; they can be restored until they are erased */
  'DELETE /v1/admin/users/{user_id}': { path: { user_id: string }; answer: undefined };
  /** Get the teams and projects that somebody was given a role in, as far as you share them */
  'GET /v1/admin/users/{user_id}/memberships': { path: { user_id: string }; answer: Schemas['UsersMembershipsAnswer'] };
  /** Restore somebody who was deleted, with their roles and their login */
  'POST /v1/admin/users/{user_id}/restore': { path: { user_id: string }; answer: Schemas['MeMeAnswer'] };
  /** Everything that is held about somebody as NDJSON: a user of a project (`users:export` there), a person of your organisation alone (`staff:export`), or yourself */
  'GET /v1/admin/users/{user_id}/export': { path: { user_id: string }; query: Schemas['UserExportExportQuery']; stream: 'application/x-ndjson' };
  /** Explain what somebody may do in a project, a team or an organisation: every role that reaches it, with the level it was given at */
  'GET /v1/admin/users/{user_id}/access': { path: { user_id: string }; query: Schemas['AccessExplainQuery']; answer: Schemas['AccessExplainAnswer'] };
  /** Ask whether a user may do something, and by which roles */
  'POST /v1/admin/access/check': { body: Schemas['AccessCheckOneBody']; answer: Schemas['AccessCheckOneAnswer'] };
  /** Ask up to 100 such questions at once; answers come in their order */
  'POST /v1/admin/access/check/batch': { body: Schemas['AccessCheckManyBody']; answer: Schemas['AccessCheckManyAnswer'] };
  /** Get the organisation’s single sign-on */
  'GET /v1/admin/orgs/{org_id}/sso': { path: { org_id: string }; answer: Schemas['SsoPutAnswer'] };
  /** Set how people of the organisation log in at their own OpenID provider; its description is read first */
  'PUT /v1/admin/orgs/{org_id}/sso': { path: { org_id: string }; body: Schemas['SsoPutBody']; answer: Schemas['SsoPutAnswer'] };
  /** Take the organisation’s single sign-on away; sessions that began by it go on */
  'DELETE /v1/admin/orgs/{org_id}/sso': { path: { org_id: string }; answer: undefined };
  /** List the organisation’s single sign-on: one, or none */
  'GET /v1/admin/orgs/{org_id}/sso-connections': { path: { org_id: string }; answer: Schemas['SsoListAnswer'] };
  /** Read the provider’s description now */
  'POST /v1/admin/orgs/{org_id}/sso/test': { path: { org_id: string }; answer: Schemas['SsoTestAnswer'] };
  /** Where the identity provider sends the browser back to: tokens, or on to the page with `?code=` or `?error=`, and its `state` */
  'GET /v1/auth/sso/{org}/callback': { path: { org: string }; answer: Schemas['AuthSsoCallbackAnswer'] };
  /** Tokens for the code that a page was given, once and within a minute */
  'POST /v1/auth/sso/token': { body: Schemas['AuthSsoRedeemBody']; answer: Schemas['AdminAuthNewPasswordAnswer'] };
  /** List where a user is logged in, newest first */
  'GET /v1/admin/projects/{project_id}/users/{user_id}/sessions': { path: { project_id: string; user_id: string }; query: Schemas['UserSessionsListQuery']; answer: Schemas['UserSessionsListAnswer'] };
  /** Log a user out of every session */
  'DELETE /v1/admin/projects/{project_id}/users/{user_id}/sessions': { path: { project_id: string; user_id: string }; answer: undefined };
  /** Log a user out of one session */
  'DELETE /v1/admin/projects/{project_id}/users/{user_id}/sessions/{session_id}': { path: { project_id: string; user_id: string; session_id: string }; answer: undefined };
  /** Log out all users of the project; not its staff */
  'POST /v1/admin/projects/{project_id}/sessions/end': { path: { project_id: string }; body?: Schemas['AllSessionsEndOfProjectBody']; answer: Schemas['AllSessionsEndOfProjectAnswer'] };
  /** Log out all staff, whoever asks among them */
  'POST /v1/admin/sessions/end': { body?: Schemas['AllSessionsEndOfProjectBody']; answer: Schemas['AllSessionsEndOfProjectAnswer'] };
  /** Import users with the hashes of their passwords, 1 to 1,000 at a time */
  'POST /v1/admin/projects/{project_id}/users/import-credentials': { path: { project_id: string }; body: Schemas['ImportCredentialsImportBody']; answer: Schemas['ImportCredentialsImportAnswer'] };
  /** List the keys that access tokens are signed with, newest first */
  'GET /v1/admin/signing-keys': { answer: Schemas['SigningKeysListAnswer'] };
  /** Make a new signing key, which signs after 15 minutes, or at once */
  'POST /v1/admin/signing-keys/rotate': { body?: Schemas['SigningKeysRotateBody']; answer: Schemas['SigningKeysRotateAnswer'] };
  /** Take away a key that does not sign any more, with every token that it signed */
  'DELETE /v1/admin/signing-keys/{kid}': { path: { kid: string }; answer: undefined };
  /** What was done in a project, newest first */
  'GET /v1/admin/projects/{project_id}/audit': { path: { project_id: string }; query: Schemas['AuditOfProjectQuery']; answer: Schemas['AuditOfProjectAnswer'] };
  /** The audit trail of a project as NDJSON */
  'GET /v1/admin/projects/{project_id}/audit/export': { path: { project_id: string }; query: Schemas['AuditExportProjectQuery']; stream: 'application/x-ndjson' };
  /** What was done in an organisation and its projects, newest first */
  'GET /v1/admin/orgs/{org_id}/audit': { path: { org_id: string }; query: Schemas['AuditOfOrganisationQuery']; answer: Schemas['AuditOfProjectAnswer'] };
  /** The audit trail of an organisation and its projects as NDJSON */
  'GET /v1/admin/orgs/{org_id}/audit/export': { path: { org_id: string }; query: Schemas['AuditExportOrganisationQuery']; stream: 'application/x-ndjson' };
  /** What was done anywhere in the deployment, newest first */
  'GET /v1/admin/audit': { query: Schemas['AuditOfDeploymentQuery']; answer: Schemas['AuditOfProjectAnswer'] };
  /** The audit trail of the deployment as NDJSON */
  'GET /v1/admin/audit/export': { query: Schemas['AuditExportDeploymentQuery']; stream: 'application/x-ndjson' };
  /** Invite somebody by mail; again while it is pending: another role, a new token, another mail */
  'POST /v1/admin/users/invite': { body: Schemas['InvitationsInviteBody']; answer: Schemas['InvitationsInviteAnswer'] };
  /** Invite up to 100 people; each is answered by itself */
  'POST /v1/admin/users/invite/batch': { body: Schemas['InvitationsInviteManyBody']; answer: Schemas['InvitationsInviteManyAnswer'] };
  /** List invitations, newest first; of an organisation those into its teams and projects too */
  'GET /v1/admin/invitations': { query: Schemas['InvitationsListQuery']; answer: Schemas['InvitationsListAnswer'] };
  /** Send a pending or expired invitation again, with a new token and a new term */
  'POST /v1/admin/invitations/{invitation_id}/resend': { path: { invitation_id: string }; answer: Schemas['InvitationsResendAnswer'] };
  /** Take an invitation back */
  'DELETE /v1/admin/invitations/{invitation_id}': { path: { invitation_id: string }; answer: undefined };
  /** Accept an invitation by the token of its mail; again is the same answer */
  'POST /v1/auth/invitations/accept': { body: Schemas['InvitationAcceptanceAcceptBody']; answer: Schemas['InvitationsInviteAnswer'] };
  /** Log a staff member in, with the session in a cookie */
  'POST /v1/auth/browser/login': { body: Schemas['AdminAuthLogInBody']; answer: Schemas['BrowserSessionLogInAnswer'] };
  /** Go on with a login whose next step is new-password, with the session in a cookie */
  'POST /v1/auth/browser/login/new-password': { body: Schemas['ProjectLoginNewPasswordBody']; answer: Schemas['BrowserSessionNewPasswordAnswer'] };
  /** A session in a cookie for the code that a single sign-on gave a page, once and within a minute */
  'POST /v1/auth/browser/sso-token': { body: Schemas['AuthSsoRedeemBody']; answer: Schemas['BrowserSessionNewPasswordAnswer'] };
  /** Another access token for the session in the cookie, whose refresh token is rotated */
  'POST /v1/auth/browser/refresh': { answer: Schemas['BrowserSessionNewPasswordAnswer'] };
  /** End the session in the cookie, and take the cookie away */
  'POST /v1/auth/browser/logout': { answer: undefined };
  /** Get a user of a project with all that is kept of them: profile, devices, lists, segments, accounts */
  'GET /v1/admin/projects/{project_id}/users/{user_id}': { path: { project_id: string; user_id: string }; answer: Schemas['AdminProjectUsersGetAnswer'] };
  /** Find the user of a project who has this external id, with all that is kept of them */
  'POST /v1/admin/projects/{project_id}/users/find': { path: { project_id: string }; body: Schemas['AdminProjectUsersFindBody']; answer: Schemas['AdminProjectUsersGetAnswer'] };
  /** A user’s time line, newest first */
  'GET /v1/admin/projects/{project_id}/users/{user_id}/events': { path: { project_id: string; user_id: string }; query: Schemas['AdminProjectUsersEventsQuery']; answer: Schemas['AdminProjectUsersEventsAnswer'] };
  /** How often a user did what on which day (UTC); days without events are left out */
  'GET /v1/admin/projects/{project_id}/users/{user_id}/events/daily': { path: { project_id: string; user_id: string }; query: Schemas['AdminProjectUsersDailyQuery']; answer: Schemas['AdminProjectUsersDailyAnswer'] };
  /** List the users who are in a segment, newest first */
  'GET /v1/admin/projects/{project_id}/segments/{segment_id}/members': { path: { project_id: string; segment_id: string }; query: Schemas['SegmentMembersListQuery']; answer: Schemas['SegmentMembersListAnswer'] };
  /** List the custom profile fields of a project */
  'GET /v1/admin/projects/{project_id}/custom-fields': { path: { project_id: string }; answer: Schemas['CustomFieldsListAnswer'] };
  /** Add custom profile fields, or change their labels and types; those that are not named stay */
  'PUT /v1/admin/projects/{project_id}/custom-fields': { path: { project_id: string }; body: Schemas['CustomFieldsPutBody']; answer: Schemas['CustomFieldsListAnswer'] };
  /** Remove a custom profile field, and its values */
  'DELETE /v1/admin/projects/{project_id}/custom-fields/{name}': { path: { project_id: string; name: string }; answer: Schemas['CustomFieldsListAnswer'] };
  /** What happened in a project, in order and without gaps, from any place on */
  'GET /v1/admin/projects/{project_id}/events-feed': { path: { project_id: string }; query: Schemas['EventsFeedReadQuery']; answer: Schemas['EventsFeedReadAnswer'] };
  /** List the webhooks of a project, newest first */
  'GET /v1/admin/projects/{project_id}/webhooks': { path: { project_id: string }; answer: Schemas['WebhooksListAnswer'] };
  /** Have what happens in a project sent to an address */
  'POST /v1/admin/projects/{project_id}/webhooks': { path: { project_id: string }; body: Schemas['WebhooksCreateBody']; answer: Schemas['WebhooksCreateAnswer'] };
  /** Get a webhook, and how much waits for it */
  'GET /v1/admin/projects/{project_id}/webhooks/{webhook_id}': { path: { project_id: string; webhook_id: string }; answer: Schemas['WebhooksGetAnswer'] };
  /** Change a webhook, disable it, or enable it again */
  'PATCH /v1/admin/projects/{project_id}/webhooks/{webhook_id}': { path: { project_id: string; webhook_id: string }; body: Schemas['WebhooksChangeBody']; answer: Schemas['WebhooksChangeAnswer'] };
  /** Remove a webhook and its log */
  'DELETE /v1/admin/projects/{project_id}/webhooks/{webhook_id}': { path: { project_id: string; webhook_id: string }; answer: undefined };
  /** Make another secret; for a day, both sign */
  'POST /v1/admin/projects/{project_id}/webhooks/{webhook_id}/rotate-secret': { path: { project_id: string; webhook_id: string }; answer: Schemas['WebhooksCreateAnswer'] };
  /** Send a test event to a webhook, and see what it answers */
  'POST /v1/admin/projects/{project_id}/webhooks/{webhook_id}/test': { path: { project_id: string; webhook_id: string }; answer: Schemas['WebhooksTestAnswer'] };
  /** List what was sent to a webhook or waits for it, the newest event first */
  'GET /v1/admin/projects/{project_id}/webhooks/{webhook_id}/deliveries': { path: { project_id: string; webhook_id: string }; query: Schemas['WebhookDeliveriesListQuery']; answer: Schemas['WebhookDeliveriesListAnswer'] };
  /** Get a delivery and its attempts */
  'GET /v1/admin/projects/{project_id}/webhooks/{webhook_id}/deliveries/{delivery_id}': { path: { project_id: string; webhook_id: string; delivery_id: string }; answer: Schemas['WebhookDeliveriesGetAnswer'] };
  /** Have an event sent again */
  'POST /v1/admin/projects/{project_id}/webhooks/{webhook_id}/deliveries/{delivery_id}/replay': { path: { project_id: string; webhook_id: string; delivery_id: string }; answer: Schemas['WebhookDeliveriesReplayAnswer'] };
  /** Have the events of a span of time sent, or sent again */
  'POST /v1/admin/projects/{project_id}/webhooks/{webhook_id}/replay': { path: { project_id: string; webhook_id: string }; body: Schemas['WebhookDeliveriesReplaySinceBody']; answer: Schemas['WebhookDeliveriesReplaySinceAnswer'] };
  /** List the imports of a project, newest first */
  'GET /v1/admin/projects/{project_id}/imports': { path: { project_id: string }; query: Schemas['ImportsListQuery']; answer: Schemas['ImportsListAnswer'] };
  /** Import users or events from a file of any size */
  'POST /v1/admin/projects/{project_id}/imports': { path: { project_id: string }; query: Schemas['ImportsCreateQuery']; body: { upload: 'application/x-ndjson' | 'text/csv' }; answer: Schemas['ImportsCreateAnswer'] };
  /** See how an import is doing */
  'GET /v1/admin/projects/{project_id}/imports/{import_id}': { path: { project_id: string; import_id: string }; answer: Schemas['ImportsCreateAnswer'] };
  /** What was wrong with rows of an import, as NDJSON */
  'GET /v1/admin/projects/{project_id}/imports/{import_id}/errors': { path: { project_id: string; import_id: string }; stream: 'application/x-ndjson' };
  /** Cancel an import: nothing more is written of it, and what was written stays */
  'POST /v1/admin/projects/{project_id}/imports/{import_id}/cancel': { path: { project_id: string; import_id: string }; answer: Schemas['ImportsCreateAnswer'] };
  /** All users or events of a project as NDJSON */
  'GET /v1/admin/projects/{project_id}/exports': { path: { project_id: string }; query: Schemas['ExportsExportQuery']; stream: 'application/x-ndjson' };
  /** A project’s figures, day by day (UTC): users, active users, events, logins and refused logins; today’s are some seconds old */
  'GET /v1/admin/projects/{project_id}/figures': { path: { project_id: string }; query: Schemas['FiguresListQuery']; answer: Schemas['FiguresListAnswer'] };
  /** Events that a consumer gave up, the newest first */
  'GET /v1/admin/dead-letters': { query: Schemas['DeadLettersListQuery']; answer: Schemas['DeadLettersListAnswer'] };
  /** How many dead letters there are, by service, consumer and subject */
  'GET /v1/admin/dead-letters/summary': { answer: Schemas['DeadLettersSummaryAnswer'] };
  /** One dead letter */
  'GET /v1/admin/dead-letters/{service}/{consumer}/{event_id}': { path: { service: string; consumer: string; event_id: string }; answer: Schemas['DeadLettersGetAnswer'] };
  /** Replay a dead letter at once */
  'POST /v1/admin/dead-letters/{service}/{consumer}/{event_id}/replay': { path: { service: string; consumer: string; event_id: string }; answer: Schemas['DeadLettersReplayAnswer'] };
  /** Throw a dead letter away */
  'POST /v1/admin/dead-letters/{service}/{consumer}/{event_id}/discard': { path: { service: string; consumer: string; event_id: string }; body: Schemas['DeadLettersDiscardBody']; answer: undefined };
  /** Replay all dead letters that fit */
  'POST /v1/admin/dead-letters/replay': { body: Schemas['DeadLettersReplayAllBody']; answer: Schemas['DeadLettersReplayAllAnswer'] };
  /** Throw away all dead letters that fit, up to 1,000 of each service */
  'POST /v1/admin/dead-letters/discard': { body: Schemas['DeadLettersDiscardAllBody']; answer: Schemas['DeadLettersDiscardAllAnswer'] };
  /** Scheduled work: what there is, when it ran last and runs next; and the queues */
  'GET /v1/admin/jobs': { answer: Schemas['JobsListAnswer'] };
  /** One piece of scheduled work, with its last runs */
  'GET /v1/admin/jobs/{name}': { path: { name: string }; answer: Schemas['JobsGetAnswer'] };
  /** Have it run now */
  'POST /v1/admin/jobs/{name}/run': { path: { name: string }; answer: Schemas['JobsRunAnswer'] };
  /** Pause it: its time passes it by until it is resumed */
  'POST /v1/admin/jobs/{name}/pause': { path: { name: string }; answer: Schemas['JobsPauseAnswer'] };
  /** Resume it */
  'POST /v1/admin/jobs/{name}/resume': { path: { name: string }; answer: Schemas['JobsPauseAnswer'] };
  /** Jobs of the queues that were given up after all their attempts, the newest first */
  'GET /v1/admin/failed-jobs': { answer: Schemas['JobsListFailedAnswer'] };
  /** Have a job that was given up start anew */
  'POST /v1/admin/failed-jobs/{queue}/{job_id}/retry': { path: { queue: string; job_id: string }; answer: undefined };
  /** Erase somebody for good, in every service */
  'POST /v1/admin/users/{user_id}/erase': { path: { user_id: string }; answer: Schemas['ErasuresEraseAnswer'] };
  /** How far an erasure has come, service by service, and its receipts: of users of a project for its administrators, of staff for those who may erase people of their organisation */
  'GET /v1/admin/erasures/{job_id}': { path: { job_id: string }; answer: Schemas['ErasuresGetAnswer'] };
  /** List receipts of erasures and of removals from the disk, newest first */
  'GET /v1/admin/receipts': { query: Schemas['ReceiptsListQuery']; answer: Schemas['ReceiptsListAnswer'] };
  /** List receipts of the erasures of a project’s users, newest first */
  'GET /v1/admin/projects/{project_id}/receipts': { path: { project_id: string }; query: Schemas['ReceiptsOfProjectQuery']; answer: Schemas['ReceiptsListAnswer'] };
  /** List receipts of the erasures of an organisation’s people, newest first */
  'GET /v1/admin/orgs/{org_id}/receipts': { path: { org_id: string }; query: Schemas['ReceiptsOfOrganisationQuery']; answer: Schemas['ReceiptsListAnswer'] };
  /** Download the chain of all receipts, as it can be verified */
  'GET /v1/admin/receipts/export': { query: Schemas['ReceiptsChainQuery']; stream: 'application/x-ndjson' };
  /** Verify the chain of all receipts */
  'GET /v1/admin/receipts/verification': { answer: Schemas['ReceiptsVerifyAnswer'] };
  /** Download one receipt, as it can be verified */
  'GET /v1/admin/receipts/{sequence}': { path: { sequence: string }; answer: unknown };
  /** Make a new key, which signs receipts from now on; earlier ones stay published */
  'POST /v1/admin/receipt-keys/rotate': { body?: Schemas['AllSessionsEndOfProjectBody']; answer: Schemas['ReceiptsRotateAnswer'] };
  /** List the names of erased users under which nobody comes back by a late write, newest first */
  'GET /v1/admin/projects/{project_id}/suppressions': { path: { project_id: string }; query: Schemas['SuppressionsListQuery']; answer: Schemas['SuppressionsListAnswer'] };
  /** Whether a user was erased and is suppressed, and since when */
  'POST /v1/admin/projects/{project_id}/suppressions/check': { path: { project_id: string }; body: Schemas['SuppressionsCheckBody']; answer: Schemas['SuppressionsCheckAnswer'] };
  /** Lift a suppression, and those of the other names of the same user: they may be made anew */
  'DELETE /v1/admin/projects/{project_id}/suppressions/{suppression_id}': { path: { project_id: string; suppression_id: string }; answer: undefined };
}

export interface DeploymentCalls {
  /** Whether the process runs */
  'GET /health/live': { answer: Schemas['HealthLiveAnswer'] };
  /** Whether every request can be served; each dependency is named to callers on this host or with the health token */
  'GET /health/ready': { query: Schemas['HealthReadyQuery']; answer: Schemas['HealthReadyAnswer'] };
  /** The public keys that access tokens are signed with (RFC 7517) */
  'GET /.well-known/jwks.json': { answer: Schemas['KeySetGetAnswer'] };
  /** The figures of this process as Prometheus reads them, to callers on this host or with the health token */
  'GET /metrics': { stream: 'text/plain' };
  /** The public keys that receipts of erasures are verified with (RFC 7517) */
  'GET /.well-known/receipt-keys.json': { answer: Schemas['KeySetGetAnswer'] };
  /** The OpenAPI document of all surfaces */
  'GET /openapi.json': { answer: unknown };
  /** The OpenAPI document of one surface */
  'GET /openapi/{document}': { path: { document: string }; answer: unknown };
}

export interface EndUserCalls {
  /** The end user, by their own token; its first use writes its claims to their profile */
  'GET /users/me': { answer: Schemas['EndUsersGetAnswer'] };
  /** The end user, by their own token; its first use writes its claims to their profile */
  'GET /v1/{project}/users/me': { path: { project?: string }; answer: Schemas['EndUsersGetAnswer'] };
  /** Change the end user’s own preferences */
  'PUT /users/me/preferences': { body: Schemas['EndUsersPutPreferencesBody']; answer: Schemas['EndUsersGetAnswer'] };
  /** Change the end user’s own preferences */
  'PUT /v1/{project}/users/me/preferences': { path: { project?: string }; body: Schemas['EndUsersPutPreferencesBody']; answer: Schemas['EndUsersGetAnswer'] };
  /** Add an event to the end user’s own time line */
  'POST /users/me/events': { body: Schemas['EndUsersTrackBody']; answer: Schemas['EndUsersTrackAnswer'] };
  /** Add an event to the end user’s own time line */
  'POST /v1/{project}/users/me/events': { path: { project?: string }; body: Schemas['EndUsersTrackBody']; answer: Schemas['EndUsersTrackAnswer'] };
}

/** POSTs that are carried out once for each `Idempotency-Key`. */
export const keyedPosts: readonly string[] = [
  'POST /users',
  'POST /v1/{project}/users',
  'POST /users/me/events',
  'POST /v1/{project}/users/me/events',
  'POST /v1/users',
  'POST /v1/users/{uid}/events',
  'POST /v1/users/{uid}/convert',
  'POST /v1/users/{uid}/accounts',
  'POST /v1/users/merge',
  'POST /v1/users/events/batch',
  'POST /{project}/users/{id}/change-password',
  'POST /{project}/users/register',
  'POST /{project}/users/{id}/status',
  'POST /v1/admin/projects/{project_id}/lists',
  'POST /v1/admin/projects/{project_id}/segments',
  'POST /v1/admin/orgs',
  'POST /v1/admin/teams',
  'POST /v1/admin/projects',
  'POST /v1/admin/users/invite',
  'POST /v1/admin/users/invite/batch',
  'POST /v1/admin/invitations/{invitation_id}/resend',
  'POST /v1/admin/projects/{project_id}/imports',
];

/** POSTs that change nothing. */
export const harmlessPosts: readonly string[] = [
  'POST /v1/admin/projects/{project_id}/segments/preview',
  'POST /v1/admin/access/check',
  'POST /v1/admin/access/check/batch',
  'POST /v1/admin/orgs/{org_id}/sso/test',
  'POST /v1/admin/projects/{project_id}/users/find',
  'POST /v1/admin/projects/{project_id}/webhooks/{webhook_id}/test',
  'POST /v1/admin/projects/{project_id}/suppressions/check',
];

/** What calls take and answer, by the names that the OpenAPI document has for it. */
export interface Schemas {
  AccessCheckManyAnswer: {
    results: {
      allowed: boolean;
      paths: {
        level: string;
        role: string;
      }[];
      error?: string;
    }[];
  };
  AccessCheckManyBody: {
    checks: {
      user_id: string;
      permission: string;
      org_id?: string | null;
      team_id?: string | null;
      project_id?: string | null;
    }[];
  };
  AccessCheckOneAnswer: {
    allowed: boolean;
    paths: {
      level: string;
      role: string;
    }[];
  };
  AccessCheckOneBody: {
    user_id: string;
    permission: string;
    org_id?: string | null;
    team_id?: string | null;
    project_id?: string | null;
  };
  AccessExplainAnswer: {
    user_id: string;
    roles: {
      level: string;
      role: string;
      /** @enum {string} */
      path: "direct" | "team" | "organisation" | "deployment";
    }[];
    permissions: string[];
  };
  AccessExplainQuery: {
    /** @description The org id */
    org_id?: string;
    /** @description The team id */
    team_id?: string;
    /** @description The project id */
    project_id?: string;
  };
  ActivityEventsListAnswer: {
    data: string[];
    /** @description Those whose fields are still being found in what customers did before */
    computing: string[];
  };
  ActivityEventsPutBody: string[];
  AdminActivityEventsListAnswer: {
    activity_events: string[];
    /** @description Those whose fields are still being found in what users did before */
    computing: string[];
  };
  AdminAuthLogInAnswer: {
    access_token: string;
    /** @constant */
    token_type: "Bearer";
    expires_in: number;
    refresh_token: string;
    user: {
      user_id: string;
      /** @description The name to show */
      user_name: string | null;
      user_email: string | null;
      /** @enum {string} */
      status: "invited" | "active" | "inactive" | "deleted";
      global_role: string | null;
      preferences: {
        [key: string]: unknown;
      };
      orgs: {
        org_id: string;
        org_name: string;
        role: string;
        /** @enum {string} */
        status: "invited" | "active" | "inactive";
      }[];
      /** @description Of the last mail of an invitation that awaits its acceptance; null while that is not known, absent without one */
      email_status?: ("queued" | "sent" | "failed") | null;
      created_at: string;
      updated_at: string;
      last_login_at: string | null;
    };
  } | {
    next_step: {
      /** @description What may be done next; any one of them. new-password: choose another password */
      methods: string[];
      /** @description Names the login that waits. It is no access token */
      step_token: string;
      /** @description Unix seconds */
      expires_at: number;
    };
  };
  AdminAuthLogInBody: {
    email: string;
    password: string;
  };
  AdminAuthNewPasswordAnswer: {
    access_token: string;
    /** @constant */
    token_type: "Bearer";
    expires_in: number;
    refresh_token: string;
    user_id: string;
  };
  AdminAuthRefreshAnswer: {
    access_token: string;
    /** @constant */
    token_type: "Bearer";
    expires_in: number;
    refresh_token: string;
  };
  AdminAuthRefreshBody: {
    refresh_token: string;
  };
  AdminProjectUsersDailyAnswer: {
    days: {
      /** @description `2026-01-31` */
      day: string;
      /** @description null: all but the 20 most frequent names */
      event: string | null;
      count: number;
    }[];
  };
  AdminProjectUsersDailyQuery: {
    /** @description Not before; 366 days at the most. Default: 30 days before `to` */
    from?: string;
    /** @description Before; default: now */
    to?: string;
  };
  AdminProjectUsersEventsAnswer: {
    events: {
      id: string;
      event: string;
      value: string | number | boolean | null;
      properties: {
        [key: string]: string | number | boolean;
      };
      timestamp: string;
    }[];
    next_cursor: string | null;
    page_size: number;
  };
  AdminProjectUsersEventsQuery: {
    /** @description `next_cursor` of the page before */
    cursor?: string;
    /** @description 1 to 100 */
    page_size?: number;
    /** @description Only events of this name */
    event?: string;
    /** @description Not before */
    from?: string;
    /** @description Before */
    to?: string;
  };
  AdminProjectUsersFindBody: {
    /** @description The external id; of a user without one, their email, user name or id */
    uid: string;
  };
  AdminProjectUsersGetAnswer: {
    user_id: string;
    /** @description The external id, or what stands for it */
    uid: string;
    external_id: string | null;
    /** @description At home in the staff of the deployment: they only hold roles in the project */
    is_staff: boolean;
    name: string | null;
    first_name: string | null;
    last_name: string | null;
    user_email: string | null;
    phone: string | null;
    /** @description The name to log in with */
    user_name: string | null;
    /** @enum {string} */
    status: "active" | "inactive";
    roles: string[];
    notes: string | null;
    city: string | null;
    country: string | null;
    region: string | null;
    timezone: string | null;
    attributes: {
      [key: string]: string | number | boolean;
    };
    preferences: {
      [key: string]: unknown;
    };
    /** @description What they last used, and when they did what the project marked */
    activity: {
      [key: string]: string;
    };
    devices: {
      /** @enum {string} */
      platform: "android" | "ios";
      token: string;
    }[];
    lists: {
      list_id: string;
      subscribed: boolean;
    }[];
    segments: {
      segment_id: string;
      suppressed: boolean;
    }[];
    is_account: boolean;
    accounts: {
      id: string;
      role: string | null;
    }[];
    first_seen_at: string | null;
    last_seen_at: string | null;
    created_at: string;
    created_by: string;
    modified_at: string;
    modified_by: string;
  };
  AllSessionsEndOfProjectAnswer: {
    /** @description Sessions that went on until now */
    ended: number;
    /** @description There was no time for all: the same again goes on */
    more: boolean;
  };
  AllSessionsEndOfProjectBody: Record<string, never>;
  ApiClientsCreateAnswer: {
    client_id: string;
    name: string;
    kind: string;
    roles: string[];
    /** @description How the key (of an API client: the secret) begins */
    prefix: string;
    created_at: string;
    /** @description Within a minute; null: never */
    last_used_at: string | null;
    client_secret: string;
  };
  ApiClientsCreateBody: {
    name: string;
    roles: ("events" | "workbench")[];
  };
  ApiClientsGetAnswer: {
    client_id: string;
    name: string;
    kind: string;
    roles: string[];
    /** @description How the key (of an API client: the secret) begins */
    prefix: string;
    created_at: string;
    /** @description Within a minute; null: never */
    last_used_at: string | null;
  };
  ApiClientsListAnswer: {
    api_clients: {
      client_id: string;
      name: string;
      kind: string;
      roles: string[];
      /** @description How the key (of an API client: the secret) begins */
      prefix: string;
      created_at: string;
      /** @description Within a minute; null: never */
      last_used_at: string | null;
    }[];
    next_cursor: string | null;
    page_size: number;
  };
  ApiClientsListQuery: {
    /** @description `next_cursor` of the page before */
    cursor?: string;
    /** @description 1 to 100 */
    page_size?: number;
  };
  ApiKeysCreateAnswer: {
    api_key_id: string;
    name: string;
    kind: string;
    roles: string[];
    /** @description How the key (of an API client: the secret) begins */
    prefix: string;
    created_at: string;
    /** @description Within a minute; null: never */
    last_used_at: string | null;
    key: string;
  };
  ApiKeysCreateBody: {
    name: string;
    /** @enum {string} */
    role: "project_admin" | "editor" | "viewer";
  };
  ApiKeysGetAnswer: {
    api_key_id: string;
    name: string;
    kind: string;
    roles: string[];
    /** @description How the key (of an API client: the secret) begins */
    prefix: string;
    created_at: string;
    /** @description Within a minute; null: never */
    last_used_at: string | null;
  };
  ApiKeysListAnswer: {
    api_keys: {
      api_key_id: string;
      name: string;
      kind: string;
      roles: string[];
      /** @description How the key (of an API client: the secret) begins */
      prefix: string;
      created_at: string;
      /** @description Within a minute; null: never */
      last_used_at: string | null;
    }[];
    next_cursor: string | null;
    page_size: number;
  };
  ApiKeysListQuery: {
    /** @description `next_cursor` of the page before */
    cursor?: string;
    /** @description 1 to 100 */
    page_size?: number;
  };
  AuditExportDeploymentQuery: {
    /** @description Id of the user or the credential that did it; of an erased user their hash */
    actor?: string;
    /** @description Such as `api-key.created`; `api-key.*` for all that was done to API keys */
    action?: string;
    /** @description Id of whom or what it was done to */
    target?: string;
    /** @description From this time on, ISO 8601 */
    from?: string;
    /** @description Before this time, ISO 8601 */
    to?: string;
  };
  AuditExportOrganisationQuery: {
    /** @description Id of the user or the credential that did it; of an erased user their hash */
    actor?: string;
    /** @description Such as `api-key.created`; `api-key.*` for all that was done to API keys */
    action?: string;
    /** @description Id of whom or what it was done to */
    target?: string;
    /** @description From this time on, ISO 8601 */
    from?: string;
    /** @description Before this time, ISO 8601 */
    to?: string;
  };
  AuditExportProjectQuery: {
    /** @description Id of the user or the credential that did it; of an erased user their hash */
    actor?: string;
    /** @description Such as `api-key.created`; `api-key.*` for all that was done to API keys */
    action?: string;
    /** @description Id of whom or what it was done to */
    target?: string;
    /** @description From this time on, ISO 8601 */
    from?: string;
    /** @description Before this time, ISO 8601 */
    to?: string;
  };
  AuditOfDeploymentQuery: {
    /** @description Id of the user or the credential that did it; of an erased user their hash */
    actor?: string;
    /** @description Such as `api-key.created`; `api-key.*` for all that was done to API keys */
    action?: string;
    /** @description Id of whom or what it was done to */
    target?: string;
    /** @description From this time on, ISO 8601 */
    from?: string;
    /** @description Before this time, ISO 8601 */
    to?: string;
    /** @description `next_cursor` of the page before, of the same question */
    cursor?: string;
    /** @description 1 to 1000 */
    limit?: number;
  };
  AuditOfOrganisationQuery: {
    /** @description Id of the user or the credential that did it; of an erased user their hash */
    actor?: string;
    /** @description Such as `api-key.created`; `api-key.*` for all that was done to API keys */
    action?: string;
    /** @description Id of whom or what it was done to */
    target?: string;
    /** @description From this time on, ISO 8601 */
    from?: string;
    /** @description Before this time, ISO 8601 */
    to?: string;
    /** @description `next_cursor` of the page before, of the same question */
    cursor?: string;
    /** @description 1 to 1000 */
    limit?: number;
  };
  AuditOfProjectAnswer: {
    entries: {
      audit_id: string;
      occurred_at: string;
      /** @description Of an erased user the id is a keyed hash, `erased:…` */
      actor: {
        /** @enum {string} */
        type: "user" | "credential" | "system";
        id: string;
      };
      action: string;
      target: {
        type: string;
        id: string;
      };
      org_id: string | null;
      project_id: string | null;
      /** @description Names of the changed fields that had a value before; never the values */
      before: string[];
      /** @description Names of the changed fields that have one since */
      after: string[];
      /** @description Through which API; null for what nobody asked for */
      surface: string | null;
      /** @description From which network address */
      address: string | null;
      request_id: string;
    }[];
    next_cursor: string | null;
    limit: number;
  };
  AuditOfProjectQuery: {
    /** @description Id of the user or the credential that did it; of an erased user their hash */
    actor?: string;
    /** @description Such as `api-key.created`; `api-key.*` for all that was done to API keys */
    action?: string;
    /** @description Id of whom or what it was done to */
    target?: string;
    /** @description From this time on, ISO 8601 */
    from?: string;
    /** @description Before this time, ISO 8601 */
    to?: string;
    /** @description `next_cursor` of the page before, of the same question */
    cursor?: string;
    /** @description 1 to 1000 */
    limit?: number;
  };
  AuthSsoCallbackAnswer: {
    access_token: string;
    /** @constant */
    token_type: "Bearer";
    expires_in: number;
    refresh_token: string;
    user_id: string;
  } | {
    return_to: string;
  };
  AuthSsoRedeemBody: {
    code: string;
  };
  BrowserSessionLogInAnswer: {
    access_token: string;
    /** @constant */
    token_type: "Bearer";
    expires_in: number;
    user_id: string;
  } | {
    next_step: {
      /** @description What may be done next; any one of them. new-password: choose another password */
      methods: string[];
      /** @description Names the login that waits. It is no access token */
      step_token: string;
      /** @description Unix seconds */
      expires_at: number;
    };
  };
  BrowserSessionNewPasswordAnswer: {
    access_token: string;
    /** @constant */
    token_type: "Bearer";
    expires_in: number;
    user_id: string;
  };
  CustomFieldsListAnswer: {
    fields: {
      name: string;
      /** @enum {string} */
      type: "text" | "date" | "number" | "boolean" | "user";
      label: string;
    }[];
  };
  CustomFieldsPutBody: {
    fields: {
      name: string;
      /** @enum {string} */
      type: "text" | "date" | "number" | "boolean" | "user";
      /** @description Default: the one it has, else the name */
      label?: string | null;
    }[];
  };
  DeadLettersDiscardAllAnswer: {
    discarded: number;
    more: boolean;
    /** @description Services that did not answer, and are left out */
    unreachable: string[];
  };
  DeadLettersDiscardAllBody: {
    /**
     * @description Whose consumer gave up
     * @enum {string}
     */
    service?: "identity" | "membership" | "operations" | "profiles";
    consumer?: string;
    /** @description Of the event, such as `profiles.users.hidden` */
    subject?: string;
    /** @description Given up at this time or later, ISO 8601 */
    from?: string;
    /** @description Given up before this time, ISO 8601 */
    to?: string;
    /** @enum {string} */
    reason: "fixed-by-hand" | "no-longer-needed" | "duplicate" | "cannot-succeed";
  };
  DeadLettersDiscardBody: {
    /** @enum {string} */
    reason: "fixed-by-hand" | "no-longer-needed" | "duplicate" | "cannot-succeed";
  };
  DeadLettersGetAnswer: {
    service: string;
    consumer: string;
    event_id: string;
    subject: string;
    /** @description Of the request that the event came from */
    request_id: string;
    occurred_at: string;
    dead_since: string;
    /** @description How often it was tried, replays included */
    deliveries: number;
    /** @description What the last try failed with: a code or a kind of error */
    error: string;
    /** @description It waits to be replayed since */
    replay_requested_at: string | null;
    /** @description Ids, versions and names of facts, as every event has them */
    data: {
      [key: string]: unknown;
    };
  };
  DeadLettersListAnswer: {
    dead_letters: {
      service: string;
      consumer: string;
      event_id: string;
      subject: string;
      /** @description Of the request that the event came from */
      request_id: string;
      occurred_at: string;
      dead_since: string;
      /** @description How often it was tried, replays included */
      deliveries: number;
      /** @description What the last try failed with: a code or a kind of error */
      error: string;
      /** @description It waits to be replayed since */
      replay_requested_at: string | null;
      /** @description Ids, versions and names of facts, as every event has them */
      data: {
        [key: string]: unknown;
      };
    }[];
    next_cursor: string | null;
    limit: number;
    /** @description Services that did not answer, and are left out */
    unreachable: string[];
  };
  DeadLettersListQuery: {
    /**
     * @description Whose consumer gave up
     * @enum {string}
     */
    service?: "identity" | "membership" | "operations" | "profiles";
    /** @description The consumer */
    consumer?: string;
    /** @description Of the event, such as `profiles.users.hidden` */
    subject?: string;
    /** @description Given up at this time or later, ISO 8601 */
    from?: string;
    /** @description Given up before this time, ISO 8601 */
    to?: string;
    /** @description `next_cursor` of the page before, of the same question */
    cursor?: string;
    /** @description 1 to 100 */
    limit?: number;
  };
  DeadLettersReplayAllAnswer: {
    /** @description How many wait that did not before */
    requested: number;
    /** @description Services that did not answer, and are left out */
    unreachable: string[];
  };
  DeadLettersReplayAllBody: {
    /**
     * @description Whose consumer gave up
     * @enum {string}
     */
    service?: "identity" | "membership" | "operations" | "profiles";
    consumer?: string;
    /** @description Of the event, such as `profiles.users.hidden` */
    subject?: string;
    /** @description Given up at this time or later, ISO 8601 */
    from?: string;
    /** @description Given up before this time, ISO 8601 */
    to?: string;
  };
  DeadLettersReplayAnswer: {
    replayed: boolean;
    dead_letter: {
      service: string;
      consumer: string;
      event_id: string;
      subject: string;
      /** @description Of the request that the event came from */
      request_id: string;
      occurred_at: string;
      dead_since: string;
      /** @description How often it was tried, replays included */
      deliveries: number;
      /** @description What the last try failed with: a code or a kind of error */
      error: string;
      /** @description It waits to be replayed since */
      replay_requested_at: string | null;
      /** @description Ids, versions and names of facts, as every event has them */
      data: {
        [key: string]: unknown;
      };
    } | null;
  };
  DeadLettersSummaryAnswer: {
    total: number;
    counts: {
      service: string;
      consumer: string;
      subject: string;
      count: number;
      /** @description Those that wait to be replayed */
      waiting: number;
      /** @description When the first of them was given up */
      oldest: string;
    }[];
    /** @description Services that did not answer, and are left out */
    unreachable: string[];
  };
  DeleteUsersDeleteAnswer: {
    data: string[];
    unknown: string[];
    job_id: string | null;
  };
  DeleteUsersDeleteBody: {
    data: string[];
  };
  DeleteUsersGetAnswer: {
    data: {
      job_id: string;
      /** @enum {string} */
      state: "scheduled" | "running" | "done" | "failed";
      receipt?: {
        /** @constant */
        format: "rollcall-receipt/1";
        sequence: number;
        previous: string | null;
        kid: string;
        hash: string;
        signature: string;
        /** @constant */
        kind: "erasure";
        erasure_id: string;
        project_id: string;
        requested_by: {
          type: string;
          id: string;
        };
        requested_at: string;
        finished_at: string;
        users: number;
        user_hashes: string[];
        services: {
          [key: string]: {
            erased: {
              [key: string]: number;
            };
            remains: {
              [key: string]: number;
            };
          };
        };
        left: {
          bytes_until: string;
          backups_until: string | null;
        };
      };
      removal_receipt?: {
        /** @constant */
        format: "rollcall-receipt/1";
        sequence: number;
        previous: string | null;
        kid: string;
        hash: string;
        signature: string;
        /** @constant */
        kind: "removal";
        erasures: number[];
        began_at: string;
        finished_at: string;
        complete: boolean;
        services: {
          [key: string]: {
            [key: string]: "rewritten" | "unchanged" | "too-large" | "busy" | "not-permitted";
          };
        };
        /** @enum {string} */
        write_ahead_log: "removed" | "recycled" | "archived" | "kept-for-replicas" | "not-permitted";
        left: {
          backups_until: string | null;
        };
      };
    };
  };
  EmailChangeBody: {
    email: string;
    password: string;
  };
  EmailConfirmBody: {
    token: string;
  };
  EndUsersGetAnswer: {
    data: {
      /** @description Your id of the customer */
      id: string;
      preferences: {
        timezone: string | null;
        notificationsEnabled: boolean;
      };
      preferencesUpdated: string | null;
      created: string;
      profile: {
        /** @description As it was given, else first and last name */
        name?: string;
        /** @description Empty: none */
        email: string;
        phone?: string;
        city?: string;
        country?: string;
        region?: string;
        timezone?: string;
        /** @description Time of the earliest event or request of their own */
        first_seen_at?: string;
        /** @description Time of the latest event or request of their own */
        last_seen_at?: string;
        /** @description What they last used, by their own requests; likewise last_android_device, last_ios_device, last_…_seen_at, last_…_sdk_version */
        last_browser?: string;
      } & {
        [key: string]: string | number | boolean;
      };
      segments: {
        [key: string]: {
          active: boolean;
        };
      };
    };
  };
  EndUsersPutPreferencesBody: {
    timezone?: string | null;
    notificationsEnabled?: boolean | null;
  };
  EndUsersTrackAnswer: {
    /** @constant */
    status: "ok";
  };
  EndUsersTrackBody: {
    /** @description Your id of the event: sent again, it is the same event */
    id?: string;
    event: string;
    value?: string | number | boolean | null;
    properties?: {
      [key: string]: string | number | boolean;
    } | null;
    /** @description When it happened; default: now */
    timestamp?: string | null;
  };
  EngagementAccountsChangeBody: {
    role: string;
  };
  EngagementAccountsJoinBody: {
    accounts: {
      id: string;
      role?: string | null;
    }[];
  };
  EngagementErasuresGetAnswer: {
    job_id: string;
    /** @enum {string} */
    state: "scheduled" | "running" | "done" | "failed";
    receipt?: {
      /** @constant */
      format: "rollcall-receipt/1";
      sequence: number;
      previous: string | null;
      kid: string;
      hash: string;
      signature: string;
      /** @constant */
      kind: "erasure";
      erasure_id: string;
      project_id: string;
      requested_by: {
        type: string;
        id: string;
      };
      requested_at: string;
      finished_at: string;
      users: number;
      user_hashes: string[];
      services: {
        [key: string]: {
          erased: {
            [key: string]: number;
          };
          remains: {
            [key: string]: number;
          };
        };
      };
      left: {
        bytes_until: string;
        backups_until: string | null;
      };
    };
    removal_receipt?: {
      /** @constant */
      format: "rollcall-receipt/1";
      sequence: number;
      previous: string | null;
      kid: string;
      hash: string;
      signature: string;
      /** @constant */
      kind: "removal";
      erasures: number[];
      began_at: string;
      finished_at: string;
      complete: boolean;
      services: {
        [key: string]: {
          [key: string]: "rewritten" | "unchanged" | "too-large" | "busy" | "not-permitted";
        };
      };
      /** @enum {string} */
      write_ahead_log: "removed" | "recycled" | "archived" | "kept-for-replicas" | "not-permitted";
      left: {
        backups_until: string | null;
      };
    };
  };
  EngagementEventBatchTrackAnswer: {
    results: ({
      /** @constant */
      status: "ok";
    } | {
      error: string;
    })[];
  };
  EngagementEventBatchTrackBody: {
    events: {
      /** @description Your id of the event: sent again, it is the same event */
      id?: string;
      event: string;
      value?: string | number | boolean | null;
      properties?: {
        [key: string]: string | number | boolean;
      } | null;
      /** @description When it happened; default: now */
      timestamp?: string | null;
      uid: string;
    }[];
  };
  EngagementEventsListAnswer: {
    data: {
      id: string;
      event: string;
      value: string | number | boolean | null;
      properties: {
        [key: string]: string | number | boolean;
      };
      timestamp: string;
    }[];
    next_cursor?: string;
  };
  EngagementEventsListQuery: {
    /** @description Only events of this name */
    event?: string;
    /** @description Not before */
    from?: string;
    /** @description Before */
    to?: string;
    /** @description 1 to 100, default 30; more counts as 100 */
    limit?: number;
    /** @description `next_cursor` of the page before */
    cursor?: string;
  };
  EngagementKeysCreateAnswer: {
    engagement_key_id: string;
    name: string;
    kind: string;
    roles: string[];
    /** @description How the key (of an API client: the secret) begins */
    prefix: string;
    created_at: string;
    /** @description Within a minute; null: never */
    last_used_at: string | null;
    key: string;
    secret: string;
  };
  EngagementKeysCreateBody: {
    name?: string | null;
  };
  EngagementKeysGetAnswer: {
    engagement_key_id: string;
    name: string;
    kind: string;
    roles: string[];
    /** @description How the key (of an API client: the secret) begins */
    prefix: string;
    created_at: string;
    /** @description Within a minute; null: never */
    last_used_at: string | null;
  };
  EngagementKeysListAnswer: {
    engagement_keys: {
      engagement_key_id: string;
      name: string;
      kind: string;
      roles: string[];
      /** @description How the key (of an API client: the secret) begins */
      prefix: string;
      created_at: string;
      /** @description Within a minute; null: never */
      last_used_at: string | null;
    }[];
    next_cursor: string | null;
    page_size: number;
  };
  EngagementKeysListQuery: {
    /** @description `next_cursor` of the page before */
    cursor?: string;
    /** @description 1 to 100 */
    page_size?: number;
  };
  EngagementListsSetBody: {
    subscribed: boolean;
  };
  EngagementMergeMergeBody: {
    /** @description Becomes part of the destination; its id means the destination from then on */
    source: string;
    /** @description Keeps its values, gains what it lacked, and takes over events, devices and accounts */
    destination: string;
  };
  EngagementSegmentsSetBody: {
    suppressed: boolean;
  };
  EngagementUserChangesConvertBody: {
    /** @enum {string} */
    type: "account" | "customer";
  };
  EngagementUserChangesListAnswer: {
    data: {
      /** @description Internal id */
      id: string;
      /** @description Your id of the user */
      uid: string;
      /**
       * @description Present when the user has no id of yours yet
       * @constant
       */
      uid_updateable?: true;
      first_name: string | null;
      last_name: string | null;
      number: string | null;
      email: string | null;
      devices: {
        token: string;
        /** @enum {string} */
        platform: "android" | "ios";
      }[];
      lists: {
        id: string;
        subscribed: boolean;
      }[];
      segments: {
        id: string;
        suppressed: boolean;
      }[];
      meta: {
        [key: string]: string | number | boolean;
      };
      created_at: string | null;
      is_account: boolean;
      accounts: {
        id: string;
        role: string | null;
      }[];
    }[];
    next_cursor?: string;
    previous_cursor?: string;
  };
  EngagementUserChangesListQuery: {
    /** @description 1 to 30, default 10; more counts as 30 */
    limit?: number;
    /** @description `next_cursor` of a page: the page after it */
    next_cursor?: string;
    /** @description `previous_cursor` of a page: the page before it */
    previous_cursor?: string;
    /** @description Only users with this email, in any case */
    email?: string;
  };
  EngagementUserChangesUpdateBody: {
    id?: string | null;
    lists?: string[];
    first_name?: string | null;
    last_name?: string | null;
    device_token?: string | null;
    device_platform?: ("android" | "ios") | null;
    number?: string | null;
    email?: string | null;
    created_at?: string | null;
    meta?: {
      [key: string]: string | number | boolean | null;
    };
    is_account?: boolean | null;
  };
  EngagementUsersCreateAnswer: {
    /** @description Internal id */
    id: string;
    /** @description Your id of the user */
    uid: string;
    /**
     * @description Present when the user has no id of yours yet
     * @constant
     */
    uid_updateable?: true;
    first_name: string | null;
    last_name: string | null;
    number: string | null;
    email: string | null;
    devices: {
      token: string;
      /** @enum {string} */
      platform: "android" | "ios";
    }[];
    lists: {
      id: string;
      subscribed: boolean;
    }[];
    segments: {
      id: string;
      suppressed: boolean;
    }[];
    meta: {
      [key: string]: string | number | boolean;
    };
    created_at: string | null;
    is_account: boolean;
    accounts: {
      id: string;
      role: string | null;
    }[];
  };
  EngagementUsersCreateBody: {
    /** @description 1 to 128 letters, digits or any of `- _ . @ : + =`; or what a user shows who has no id of yours */
    id: string;
    lists?: string[];
    first_name?: string | null;
    last_name?: string | null;
    device_token?: string | null;
    device_platform?: ("android" | "ios") | null;
    number?: string | null;
    email?: string | null;
    created_at?: string | null;
    meta?: {
      [key: string]: string | number | boolean | null;
    };
    is_account?: boolean | null;
  };
  EnvironmentUsersListAnswer: {
    data: {
      users: {
        /** @description Your id of the customer */
        id: string;
        preferences: {
          timezone: string | null;
          notificationsEnabled: boolean;
        };
        preferencesUpdated: string | null;
        created: string;
        profile: {
          /** @description As it was given, else first and last name */
          name?: string;
          /** @description Empty: none */
          email: string;
          phone?: string;
          city?: string;
          country?: string;
          region?: string;
          timezone?: string;
          /** @description Time of the earliest event or request of their own */
          first_seen_at?: string;
          /** @description Time of the latest event or request of their own */
          last_seen_at?: string;
          /** @description What they last used, by their own requests; likewise last_android_device, last_ios_device, last_…_seen_at, last_…_sdk_version */
          last_browser?: string;
        } & {
          [key: string]: string | number | boolean;
        };
        segments: {
          [key: string]: {
            active: boolean;
          };
        };
      }[];
    };
    cursor: string | null;
  };
  EnvironmentUsersListInProjectQuery: {
    /** @description 1 to 100, default 50 */
    limit?: number;
    /** @description Only customers of this segment */
    segmentId?: string;
    /** @description `cursor` of the page before */
    cursor?: string;
  };
  EnvironmentUsersListQuery: {
    /** @description 1 to 100, default 50 */
    limit?: number;
    /** @description Only customers of this segment */
    segmentId?: string;
    /** @description `cursor` of the page before */
    cursor?: string;
  };
  EnvironmentUsersSaveAnswer: {
    data: {
      users: {
        id: string;
        profile: {
          /** @description As it was given, else first and last name */
          name?: string;
          /** @description Empty: none */
          email: string;
          phone?: string;
          city?: string;
          country?: string;
          region?: string;
          timezone?: string;
          /** @description Time of the earliest event or request of their own */
          first_seen_at?: string;
          /** @description Time of the latest event or request of their own */
          last_seen_at?: string;
          /** @description What they last used, by their own requests; likewise last_android_device, last_ios_device, last_…_seen_at, last_…_sdk_version */
          last_browser?: string;
        } & {
          [key: string]: string | number | boolean;
        };
      }[];
    };
  };
  EnvironmentUsersSaveBody: {
    users: {
      /** @description 1 to 128 letters, digits or any of `- _ . @ : + =`; or what a customer shows who has no id of yours */
      id: string;
      profile?: {
        name?: string | null;
        email?: string | null;
        phone?: string | null;
        city?: string | null;
        country?: string | null;
        region?: string | null;
        timezone?: string | null;
        /** @description The same as `id` */
        external_id?: string;
      } & {
        [key: string]: string | number | boolean | null;
      };
      preferences?: {
        timezone?: string | null;
        notificationsEnabled?: boolean | null;
      };
      /** @description An erased id may be borne by somebody new */
      recreate?: boolean;
    }[];
  };
  ErasuresEraseAnswer: {
    job_id: string | null;
    /** @constant */
    state: "scheduled";
  };
  ErasuresGetAnswer: {
    job_id: string;
    /** @enum {string} */
    state: "scheduled" | "running" | "done" | "failed";
    receipt?: {
      /** @constant */
      format: "rollcall-receipt/1";
      sequence: number;
      previous: string | null;
      kid: string;
      hash: string;
      signature: string;
      /** @constant */
      kind: "erasure";
      erasure_id: string;
      project_id: string;
      requested_by: {
        type: string;
        id: string;
      };
      requested_at: string;
      finished_at: string;
      users: number;
      user_hashes: string[];
      services: {
        [key: string]: {
          erased: {
            [key: string]: number;
          };
          remains: {
            [key: string]: number;
          };
        };
      };
      left: {
        bytes_until: string;
        backups_until: string | null;
      };
    };
    removal_receipt?: {
      /** @constant */
      format: "rollcall-receipt/1";
      sequence: number;
      previous: string | null;
      kid: string;
      hash: string;
      signature: string;
      /** @constant */
      kind: "removal";
      erasures: number[];
      began_at: string;
      finished_at: string;
      complete: boolean;
      services: {
        [key: string]: {
          [key: string]: "rewritten" | "unchanged" | "too-large" | "busy" | "not-permitted";
        };
      };
      /** @enum {string} */
      write_ahead_log: "removed" | "recycled" | "archived" | "kept-for-replicas" | "not-permitted";
      left: {
        backups_until: string | null;
      };
    };
    /** @description null: they were staff */
    project_id: string | null;
    users: number;
    requested_at: string;
    finished_at: string | null;
    services: {
      /** @enum {string} */
      service: "profiles" | "identity" | "membership" | "operations";
      /** @enum {string} */
      state: "scheduled" | "running" | "done";
      attempts: number;
      finished_at: string | null;
    }[];
  };
  EventsFeedReadAnswer: {
    /** @description CloudEvents 1.0, in the order in which things happened */
    events: {
      /** @constant */
      specversion: "1.0";
      id: string;
      source: string;
      type: string;
      subject: string;
      time: string;
      /** @constant */
      datacontenttype: "application/json";
      sequence?: string;
      traceparent?: string;
      data: {
        [key: string]: unknown;
      };
    }[];
    /** @description `after` of the next question, also when there are no events */
    next_after: string;
    /** @description Whether there are more already */
    has_more: boolean;
  };
  EventsFeedReadQuery: {
    /** @description `next_after` of the answer before; `latest`: only what is still to come; absent: from the oldest event that is kept */
    after?: string;
    /** @description 1 to 1000 */
    limit?: number;
    /** @description Types of events, separated by commas: `rollcall.user.created`, or `rollcall.user.*` for all about users */
    types?: string;
  };
  ExportsExportQuery: {
    /**
     * @description What the lines are
     * @enum {string}
     */
    type: "users" | "events";
    /** @description Of users: only who is in it */
    segment_id?: string;
    /** @description Of users: only who is subscribed to it */
    list_id?: string;
    /** @description Of events: only those of this name */
    event?: string;
    /** @description Of events: from this time on, ISO 8601 */
    from?: string;
    /** @description Of events: before this time */
    to?: string;
  };
  FiguresListAnswer: {
    days: {
      /** @description `2026-01-31` */
      day: string;
      /** @description At home in the project at the end of the day; null: not counted that day */
      users: number | null;
      /** @description Who did something that day, by an event or an end user’s own request */
      active_users: number;
      /** @description By the time of the event */
      events: number;
      logins: number;
      /** @description Wrong name or password, inactive users, and tries that were held back */
      failed_logins: number;
    }[];
  };
  FiguresListQuery: {
    /** @description The first day; 366 days at the most. Default: the 30 days up to `to` */
    from?: string;
    /** @description The last day; default: today */
    to?: string;
  };
  HealthLiveAnswer: {
    /** @constant */
    status: "live";
  };
  HealthReadyAnswer: {
    /** @enum {string} */
    status: "ready" | "unready";
    dependencies?: {
      name: string;
      ready: boolean;
      reason?: string;
    }[];
  };
  HealthReadyQuery: {
    /**
     * @description `process`: only whether this gateway can work, whatever the services behind it can; for balancers, which would take every gateway out at once
     * @enum {string}
     */
    scope?: "platform" | "process";
  };
  ImportCredentialsImportAnswer: {
    results: {
      /**
       * @description skipped: the user could log in already, and is unchanged
       * @enum {string}
       */
      status: "imported" | "skipped" | "failed";
      user_id: string | null;
      error: {
        code: string;
        message: string;
      } | null;
    }[];
    imported: number;
    skipped: number;
    failed: number;
  };
  ImportCredentialsImportBody: {
    users: {
      /** @description Of a user who is there */
      user_id?: string;
      /** @description Of a user who is there, or is made */
      uid?: string;
      /** @description To log in with; becomes the contact email */
      email?: string;
      /** @description To log in with */
      user_name?: string;
      password_hash: string | ({
        /** @constant */
        algorithm: "scrypt";
        n: number;
        r: number;
        p: number;
        salt: string;
        hash: string;
        /**
         * @description Of salt and hash
         * @enum {string}
         */
        encoding?: "base64" | "hex";
      } | {
        /** @enum {string} */
        algorithm: "pbkdf2-sha1" | "pbkdf2-sha256" | "pbkdf2-sha512";
        iterations: number;
        salt: string;
        hash: string;
        /**
         * @description Of salt and hash
         * @enum {string}
         */
        encoding?: "base64" | "hex";
      } | {
        /** @constant */
        algorithm: "firebase-scrypt";
        salt: string;
        hash: string;
        /**
         * @description Of salt and hash
         * @enum {string}
         */
        encoding?: "base64" | "hex";
      } | {
        /** @enum {string} */
        algorithm: "sha256" | "sha512";
        /** @enum {string} */
        order: "salt-first" | "password-first";
        salt: string;
        hash: string;
        /**
         * @description Of salt and hash
         * @enum {string}
         */
        encoding?: "base64" | "hex";
      });
      /**
       * @description Absent: as a user who is there is; active, for one who is made
       * @enum {string}
       */
      status?: "active" | "inactive";
      created_at?: string;
      last_login_at?: string;
    }[];
    /** @description Password hash parameters of the Firebase project; for firebase-scrypt */
    firebase?: {
      signer_key: string;
      salt_separator: string;
      rounds: number;
      mem_cost: number;
    };
  };
  ImportsCreateAnswer: {
    import_id: string;
    /** @enum {string} */
    type: "users" | "events";
    /** @enum {string} */
    format: "ndjson" | "csv";
    dry_run: boolean;
    /** @enum {string} */
    state: "uploading" | "waiting" | "running" | "done" | "failed" | "cancelled";
    /** @description Why it failed: upload-broken-off */
    error: string | null;
    /** @description Of the file */
    bytes: number;
    /** @description How many of them have been written */
    bytes_read: number;
    /** @description Read so far: neither empty lines nor the names of columns */
    rows: number;
    created: number;
    /** @description Users who were there */
    updated: number;
    /** @description Events that were there */
    skipped: number;
    /** @description Rows with errors */
    failed: number;
    /** @description Rows whose errors are not kept: those after the first hundred thousand */
    errors_left_out: number;
    created_at: string;
    started_at: string | null;
    finished_at: string | null;
  };
  ImportsCreateQuery: {
    /**
     * @description What the rows are
     * @enum {string}
     */
    type: "users" | "events";
    /**
     * @description Write nothing: counts and errors are what they would be
     * @enum {string}
     */
    dry_run?: "true" | "false";
  };
  ImportsListAnswer: {
    imports: {
      import_id: string;
      /** @enum {string} */
      type: "users" | "events";
      /** @enum {string} */
      format: "ndjson" | "csv";
      dry_run: boolean;
      /** @enum {string} */
      state: "uploading" | "waiting" | "running" | "done" | "failed" | "cancelled";
      /** @description Why it failed: upload-broken-off */
      error: string | null;
      /** @description Of the file */
      bytes: number;
      /** @description How many of them have been written */
      bytes_read: number;
      /** @description Read so far: neither empty lines nor the names of columns */
      rows: number;
      created: number;
      /** @description Users who were there */
      updated: number;
      /** @description Events that were there */
      skipped: number;
      /** @description Rows with errors */
      failed: number;
      /** @description Rows whose errors are not kept: those after the first hundred thousand */
      errors_left_out: number;
      created_at: string;
      started_at: string | null;
      finished_at: string | null;
    }[];
    next_cursor: string | null;
    page_size: number;
  };
  ImportsListQuery: {
    /** @description `next_cursor` of the page before */
    cursor?: string;
    /** @description 1 to 100 */
    page_size?: number;
  };
  InvitationAcceptanceAcceptBody: {
    token: string;
    /** @description Of somebody who can’t log in yet */
    password?: string | null;
    /** @description The name that they show */
    user_name?: string | null;
  };
  InvitationsInviteAnswer: {
    user: {
      user_id: string;
      user_name: string | null;
      user_email: string | null;
      /** @enum {string} */
      status: "invited" | "active" | "inactive";
      global_role: string | null;
      preferences: {
        [key: string]: unknown;
      };
      orgs: {
        org_id: string;
        org_name: string;
        role: string;
        status: string;
      }[];
      email_status: ("queued" | "sent" | "failed") | null;
      created_at: string;
      updated_at: string;
      last_login_at: string | null;
    };
    invitation: {
      invitation_id: string;
      user_id: string;
      user_email: string;
      role: string;
      org_id: string | null;
      team_id: string | null;
      project_id: string | null;
      /** @enum {string} */
      status: "pending" | "accepted" | "expired" | "cancelled";
      /** @description What became of the last mail; null while that is not known */
      email_status: ("queued" | "sent" | "failed") | null;
      invited_by: {
        type: string;
        id: string;
      };
      created_at: string;
      expires_at: string;
      /** @description When it was accepted, expired or cancelled */
      closed_at: string | null;
    };
  };
  InvitationsInviteBody: {
    user_email: string;
    /** @enum {string} */
    role: "super_admin" | "org_admin" | "member" | "team_admin" | "team_member" | "project_admin" | "editor" | "viewer";
    /** @description For org_admin and member; default: your organisation, if you have one only */
    org_id?: string | null;
    /** @description For team_admin and team_member */
    team_id?: string | null;
    /** @description For project_admin, editor and viewer */
    project_id?: string | null;
  };
  InvitationsInviteManyAnswer: {
    results: ({
      user: {
        user_id: string;
        user_name: string | null;
        user_email: string | null;
        /** @enum {string} */
        status: "invited" | "active" | "inactive";
        global_role: string | null;
        preferences: {
          [key: string]: unknown;
        };
        orgs: {
          org_id: string;
          org_name: string;
          role: string;
          status: string;
        }[];
        email_status: ("queued" | "sent" | "failed") | null;
        created_at: string;
        updated_at: string;
        last_login_at: string | null;
      };
      invitation: {
        invitation_id: string;
        user_id: string;
        user_email: string;
        role: string;
        org_id: string | null;
        team_id: string | null;
        project_id: string | null;
        /** @enum {string} */
        status: "pending" | "accepted" | "expired" | "cancelled";
        /** @description What became of the last mail; null while that is not known */
        email_status: ("queued" | "sent" | "failed") | null;
        invited_by: {
          type: string;
          id: string;
        };
        created_at: string;
        expires_at: string;
        /** @description When it was accepted, expired or cancelled */
        closed_at: string | null;
      };
    } | {
      error: {
        code: string;
        message: string;
        details?: {
          path: string;
          message: string;
        }[];
      };
    })[];
  };
  InvitationsInviteManyBody: {
    invitations: unknown[];
  };
  InvitationsListAnswer: {
    invitations: {
      invitation_id: string;
      user_id: string;
      user_email: string;
      role: string;
      org_id: string | null;
      team_id: string | null;
      project_id: string | null;
      /** @enum {string} */
      status: "pending" | "accepted" | "expired" | "cancelled";
      /** @description What became of the last mail; null while that is not known */
      email_status: ("queued" | "sent" | "failed") | null;
      invited_by: {
        type: string;
        id: string;
      };
      created_at: string;
      expires_at: string;
      /** @description When it was accepted, expired or cancelled */
      closed_at: string | null;
    }[];
    next_cursor: string | null;
    page_size: number;
  };
  InvitationsListQuery: {
    /** @description `next_cursor` of the page before */
    cursor?: string;
    /** @description 1 to 100 */
    page_size?: number;
    /** @description Default: your organisation, if you have one only; all, for a super_admin */
    org_id?: string;
    /** @description The team id */
    team_id?: string;
    /** @description The project id */
    project_id?: string;
    /**
     * @description The status
     * @enum {string}
     */
    status?: "pending" | "accepted" | "expired" | "cancelled";
  };
  InvitationsResendAnswer: {
    invitation_id: string;
    user_id: string;
    user_email: string;
    role: string;
    org_id: string | null;
    team_id: string | null;
    project_id: string | null;
    /** @enum {string} */
    status: "pending" | "accepted" | "expired" | "cancelled";
    /** @description What became of the last mail; null while that is not known */
    email_status: ("queued" | "sent" | "failed") | null;
    invited_by: {
      type: string;
      id: string;
    };
    created_at: string;
    expires_at: string;
    /** @description When it was accepted, expired or cancelled */
    closed_at: string | null;
  };
  JobsGetAnswer: {
    name: string;
    does: string;
    interval_seconds: number;
    /**
     * @description waiting: somebody wants it to run, and it has not begun
     * @enum {string}
     */
    state: "idle" | "waiting" | "running" | "paused";
    running: {
      run_id: string;
      /**
       * @description manual: somebody wanted it
       * @enum {string}
       */
      trigger: "scheduled" | "manual";
      started_at: string;
    } | null;
    last_run: {
      run_id: string;
      /**
       * @description manual: somebody wanted it
       * @enum {string}
       */
      trigger: "scheduled" | "manual";
      started_at: string;
      finished_at: string;
      duration_ms: number;
      /**
       * @description interrupted: its process ended in the middle of it, and another took it up
       * @enum {string}
       */
      outcome: "done" | "failed" | "interrupted";
      /** @description How many of what was done */
      counts: {
        [key: string]: number;
      };
      /** @description A code or a kind of error */
      error: string | null;
    } | null;
    /** @description null: it is paused, or the queue is out of reach */
    next_run_at: string | null;
    /** @description Runs that failed since the last one that did not */
    failures: number;
    paused_at: string | null;
    runs: {
      run_id: string;
      /**
       * @description manual: somebody wanted it
       * @enum {string}
       */
      trigger: "scheduled" | "manual";
      started_at: string;
      finished_at: string;
      duration_ms: number;
      /**
       * @description interrupted: its process ended in the middle of it, and another took it up
       * @enum {string}
       */
      outcome: "done" | "failed" | "interrupted";
      /** @description How many of what was done */
      counts: {
        [key: string]: number;
      };
      /** @description A code or a kind of error */
      error: string | null;
    }[];
  };
  JobsListAnswer: {
    jobs: {
      name: string;
      does: string;
      interval_seconds: number;
      /**
       * @description waiting: somebody wants it to run, and it has not begun
       * @enum {string}
       */
      state: "idle" | "waiting" | "running" | "paused";
      running: {
        run_id: string;
        /**
         * @description manual: somebody wanted it
         * @enum {string}
         */
        trigger: "scheduled" | "manual";
        started_at: string;
      } | null;
      last_run: {
        run_id: string;
        /**
         * @description manual: somebody wanted it
         * @enum {string}
         */
        trigger: "scheduled" | "manual";
        started_at: string;
        finished_at: string;
        duration_ms: number;
        /**
         * @description interrupted: its process ended in the middle of it, and another took it up
         * @enum {string}
         */
        outcome: "done" | "failed" | "interrupted";
        /** @description How many of what was done */
        counts: {
          [key: string]: number;
        };
        /** @description A code or a kind of error */
        error: string | null;
      } | null;
      /** @description null: it is paused, or the queue is out of reach */
      next_run_at: string | null;
      /** @description Runs that failed since the last one that did not */
      failures: number;
      paused_at: string | null;
    }[];
    /** @description null: the queue is out of reach */
    queues: {
      queue: string;
      waiting: number;
      active: number;
      /** @description To be tried again later, or planned */
      delayed: number;
      /** @description Given up */
      failed: number;
    }[] | null;
  };
  JobsListFailedAnswer: {
    failed_jobs: {
      queue: string;
      job_id: string;
      job: string;
      /** @description What it is about */
      ids: {
        [key: string]: unknown;
      };
      request_id: string;
      attempts: number;
      error: string;
      failed_at: string;
    }[];
  };
  JobsPauseAnswer: {
    name: string;
    does: string;
    interval_seconds: number;
    /**
     * @description waiting: somebody wants it to run, and it has not begun
     * @enum {string}
     */
    state: "idle" | "waiting" | "running" | "paused";
    running: {
      run_id: string;
      /**
       * @description manual: somebody wanted it
       * @enum {string}
       */
      trigger: "scheduled" | "manual";
      started_at: string;
    } | null;
    last_run: {
      run_id: string;
      /**
       * @description manual: somebody wanted it
       * @enum {string}
       */
      trigger: "scheduled" | "manual";
      started_at: string;
      finished_at: string;
      duration_ms: number;
      /**
       * @description interrupted: its process ended in the middle of it, and another took it up
       * @enum {string}
       */
      outcome: "done" | "failed" | "interrupted";
      /** @description How many of what was done */
      counts: {
        [key: string]: number;
      };
      /** @description A code or a kind of error */
      error: string | null;
    } | null;
    /** @description null: it is paused, or the queue is out of reach */
    next_run_at: string | null;
    /** @description Runs that failed since the last one that did not */
    failures: number;
    paused_at: string | null;
  };
  JobsRunAnswer: {
    name: string;
    run_id: string;
    /** @enum {string} */
    state: "waiting" | "running";
    already: boolean;
  };
  KeySetGetAnswer: {
    keys: {
      [key: string]: string;
    }[];
  };
  ListsCreateAnswer: {
    list_id: string;
    name: string;
    created_at: string;
    modified_at: string;
  };
  ListsCreateBody: {
    name: string;
  };
  ListsListAnswer: {
    lists: {
      list_id: string;
      name: string;
      created_at: string;
      modified_at: string;
    }[];
    next_cursor: string | null;
    page_size: number;
  };
  ListsListQuery: {
    /** @description `next_cursor` of the page before */
    cursor?: string;
    /** @description 1 to 100 */
    page_size?: number;
  };
  MeMeAnswer: {
    user_id: string;
    /** @description The name to show */
    user_name: string | null;
    user_email: string | null;
    /** @enum {string} */
    status: "invited" | "active" | "inactive" | "deleted";
    global_role: string | null;
    preferences: {
      [key: string]: unknown;
    };
    orgs: {
      org_id: string;
      org_name: string;
      role: string;
      /** @enum {string} */
      status: "invited" | "active" | "inactive";
    }[];
    /** @description Of the last mail of an invitation that awaits its acceptance; null while that is not known, absent without one */
    email_status?: ("queued" | "sent" | "failed") | null;
    created_at: string;
    updated_at: string;
    last_login_at: string | null;
  };
  MeProjectsAnswer: {
    projects: {
      project_id: string;
      project_name: string;
      team_id: string | null;
      role: string;
      /** @enum {string} */
      access_type: "implicit" | "explicit";
      metadata?: {
        [key: string]: unknown;
      };
      settings: {
        rate_limit?: number;
        allowed_services?: ("environment" | "engagement" | "project")[];
        allowed_origins?: string[];
        event_retention_days?: number;
        force_password_change?: boolean;
        mail_link_base?: string;
      };
    }[];
    next_cursor?: string;
  };
  MeProjectsQuery: {
    /** @description `next_cursor`, where an answer had one: there were more than 1,000 */
    cursor?: string;
    /** @description Only projects of this team */
    team_id?: string;
    /**
     * @description The include metadata
     * @enum {string}
     */
    include_metadata?: "true" | "false";
  };
  MeTeamsAnswer: {
    teams: {
      team_id: string;
      team_name: string;
      org_id: string;
      role: string;
    }[];
    next_cursor?: string;
  };
  MeTeamsQuery: {
    /** @description `next_cursor`, where an answer had one: there were more than 1,000 */
    cursor?: string;
  };
  OrgApiKeysCreateBody: {
    name: string;
    /** @enum {string} */
    role: "org_admin" | "project_admin" | "editor" | "viewer";
  };
  OrgApiKeysListQuery: {
    /** @description `next_cursor` of the page before */
    cursor?: string;
    /** @description 1 to 100 */
    page_size?: number;
  };
  OrgMembersListAnswer: {
    members: {
      user_id: string;
      user_name: string | null;
      user_email: string | null;
      role: string;
      assigned_at: string;
      /** @enum {string} */
      status: "invited" | "active" | "inactive";
    }[];
    next_cursor: string | null;
    page_size: number;
  };
  OrgMembersListQuery: {
    /** @description `next_cursor` of the page before */
    cursor?: string;
    /** @description 1 to 100 */
    page_size?: number;
  };
  OrgMembersSetAnswer: {
    user_id: string;
    user_name: string | null;
    user_email: string | null;
    role: string;
    assigned_at: string;
    /** @enum {string} */
    status: "invited" | "active" | "inactive";
  };
  OrgMembersSetBody: {
    role?: string | null;
    status?: ("active" | "inactive") | null;
  };
  OrgsChangeBody: {
    name?: string | null;
    slug?: string | null;
  };
  OrgsCreateAnswer: {
    org_id: string;
    name: string;
    slug: string;
    created_at: string;
    updated_at: string;
  };
  OrgsCreateBody: {
    name: string;
    slug: string;
  };
  OrgsListAnswer: {
    orgs: {
      org_id: string;
      name: string;
      slug: string;
      created_at: string;
      updated_at: string;
    }[];
    next_cursor: string | null;
    page_size: number;
  };
  OrgsListQuery: {
    /** @description `next_cursor` of the page before */
    cursor?: string;
    /** @description 1 to 100 */
    page_size?: number;
  };
  OwnAccountEndAllQuery: {
    /**
     * @description Whether the session that asks goes on
     * @enum {string}
     */
    keep_current?: "true" | "false";
  };
  OwnAccountListAnswer: {
    sessions: {
      session_id: string;
      /** @description What the user agent says, in a few words: `Firefox on Linux` */
      device: string | null;
      user_agent: string | null;
      /** @description Of the last login or refresh */
      address: string | null;
      created_at: string;
      /** @description The last login or refresh */
      last_used_at: string;
      /** @description When it ends, unless it is used before */
      expires_at: string;
      /** @description Whether it is the one that asks */
      current: boolean;
    }[];
    next_cursor: string | null;
    page_size: number;
  };
  OwnAccountListQuery: {
    /** @description `next_cursor` of the page before */
    cursor?: string;
    /** @description 1 to 100 */
    page_size?: number;
  };
  OwnAccountMeAnswer: {
    user_id: string;
    /** @description Null: staff */
    project_id: string | null;
    /** @description The name to log in with, beside the email */
    username: string | null;
    email: string | null;
    email_verified: boolean;
    name: string | null;
    first_name: string | null;
    last_name: string | null;
    created_at: string;
    last_login_at: string | null;
  };
  PasswordChangeBody: {
    current: string;
    /** @description 8 to 256 characters; refused when it is a common one, or the user’s name or email */
    password: string;
  };
  PasswordForgotAnswer: {
    /** @constant */
    status: "accepted";
  };
  PasswordForgotBody: {
    email: string;
    /** @description Slug or id of the project whose user it is; absent: staff */
    project?: string | null;
  };
  PasswordResetBody: {
    token: string;
    /** @description 8 to 256 characters; refused when it is a common one, or the user’s name or email */
    password: string;
  };
  ProfileFieldsListAnswer: {
    data: {
      name: string;
      /** @enum {string} */
      type: "text" | "date" | "number" | "boolean" | "user";
      label: string;
    }[];
  };
  ProfileFieldsPutBody: {
    name: string;
    /** @enum {string} */
    type: "text" | "date" | "number" | "boolean" | "user";
    /** @description Default: the one it has, else the name */
    label?: string;
  }[] | {
    name: string;
    /** @enum {string} */
    type: "text" | "date" | "number" | "boolean" | "user";
    /** @description Default: the one it has, else the name */
    label?: string;
  };
  ProjectLoginLogInAnswer: {
    id: string;
    access_token: string;
    /** @description Unix seconds */
    expires_at: number;
    /** @constant */
    type: "Bearer";
    refresh: string;
    /** @constant */
    auth_type: "user";
  } | {
    next_step: {
      /** @description What may be done next; any one of them. new-password: choose another password */
      methods: string[];
      /** @description Names the login that waits. It is no access token */
      step_token: string;
      /** @description Unix seconds */
      expires_at: number;
    };
  };
  ProjectLoginLogInBody: {
    username: string;
    password: string;
  };
  ProjectLoginNewPasswordAnswer: {
    id: string;
    access_token: string;
    /** @description Unix seconds */
    expires_at: number;
    /** @constant */
    type: "Bearer";
    refresh: string;
    /** @constant */
    auth_type: "user";
  };
  ProjectLoginNewPasswordBody: {
    /** @description Of the login’s next_step */
    step_token: string;
    /** @description 8 to 256 characters; refused when it is the present one, a common one, or the user’s name or email */
    password: string;
  };
  ProjectLoginRefreshBody: {
    refresh: string;
  };
  ProjectMembersListQuery: {
    /** @description `next_cursor` of the page before */
    cursor?: string;
    /** @description 1 to 100 */
    page_size?: number;
  };
  ProjectRolesGetAnswer: {
    id: string;
    permissions: ("users:read" | "users:write" | "users:delete" | "roles:write" | "events:read" | "events:write" | "segments:write")[];
    /** @description The same in every project; it can’t be changed */
    isBuiltIn: boolean;
    createdAt: string | null;
    createdBy: string | null;
    modifiedAt: string | null;
    modifiedBy: string | null;
  };
  ProjectRolesListAnswer: {
    data: {
      id: string;
      permissions: ("users:read" | "users:write" | "users:delete" | "roles:write" | "events:read" | "events:write" | "segments:write")[];
      /** @description The same in every project; it can’t be changed */
      isBuiltIn: boolean;
      createdAt: string | null;
      createdBy: string | null;
      modifiedAt: string | null;
      modifiedBy: string | null;
    }[];
  };
  ProjectRolesPutBody: {
    permissions: ("users:read" | "users:write" | "users:delete" | "roles:write" | "events:read" | "events:write" | "segments:write")[];
  };
  ProjectUserChangesRegisterBody: {
    firstName?: string | null;
    lastName?: string | null;
    username?: string | null;
    email?: string | null;
    mobilePhone?: string | null;
    roles?: string[] | null;
    notes?: string | null;
    attributes?: {
      [key: string]: string | number | boolean | null;
    } | null;
    /** @description Without one the user can’t log in until they are given one */
    password?: string | null;
    isActive?: boolean | null;
  };
  ProjectUserChangesSetStatusBody: {
    isActive: boolean;
  };
  ProjectUserChangesUpdateAnswer: {
    id: string;
    firstName: string | null;
    lastName: string | null;
    username: string | null;
    email: string | null;
    mobilePhone: string | null;
    roles: string[];
    isActive: boolean;
    createdAt: string;
    createdBy: string;
    modifiedAt: string;
    modifiedBy: string;
    notes: string | null;
    attributes: {
      [key: string]: string | number | boolean;
    };
  };
  ProjectUserChangesUpdateBody: {
    firstName?: string | null;
    lastName?: string | null;
    username?: string | null;
    email?: string | null;
    mobilePhone?: string | null;
    roles?: string[] | null;
    notes?: string | null;
    attributes?: {
      [key: string]: string | number | boolean | null;
    } | null;
    isActive?: boolean;
    id?: unknown;
    createdAt?: unknown;
    createdBy?: unknown;
    modifiedAt?: unknown;
    modifiedBy?: unknown;
  };
  ProjectUserListsCountAnswer: {
    result: number;
  };
  ProjectUserListsCountQuery: {
    /** @description Exactly this user name */
    username?: string;
    /** @description Anywhere in the names, the user name or the email, in any case */
    search?: string;
    /** @description Who holds this role in the project */
    roleId?: string;
  };
  ProjectUserListsListAnswer: {
    data: {
      id: string;
      firstName: string | null;
      lastName: string | null;
      username: string | null;
      email: string | null;
      mobilePhone: string | null;
      roles: string[];
      isActive: boolean;
      createdAt: string;
      createdBy: string;
      modifiedAt: string;
      modifiedBy: string;
      notes: string | null;
      attributes: {
        [key: string]: (string | number | boolean) | {
          id: string;
          firstName: string | null;
          lastName: string | null;
          username: string | null;
          email: string | null;
          mobilePhone: string | null;
          roles: string[];
          isActive: boolean;
          createdAt: string;
          createdBy: string;
          modifiedAt: string;
          modifiedBy: string;
          notes: string | null;
          attributes: {
            [key: string]: string | number | boolean;
          };
        };
      };
    }[];
    metadata: {
      currentPage: number;
      pageSize: number;
      hasPreviousPage: boolean;
      hasNextPage: boolean;
      totalPages: number;
      /** @description Of all pages */
      count: number;
    };
  };
  ProjectUserListsListQuery: {
    /** @description Exactly this user name */
    username?: string;
    /** @description Anywhere in the names, the user name or the email, in any case */
    search?: string;
    /** @description Who holds this role in the project */
    roleId?: string;
    /** @description Comma-separated: media, mediagallery, references. references answers the users that attributes of the type user name; there are no media */
    resolve?: string;
    /** @description The page */
    page?: number;
    /** @description The size */
    size?: number;
    /** @description `field`, `field|asc` or `field|desc`; the default is createdAt|desc */
    sort?: string;
  };
  ProjectUsersChangePasswordAnswer: {
    result: string;
  };
  ProjectUsersChangePasswordBody: {
    password: string;
  };
  ProjectUsersGetAnswer: {
    id: string;
    firstName: string | null;
    lastName: string | null;
    username: string | null;
    email: string | null;
    mobilePhone: string | null;
    roles: string[];
    isActive: boolean;
    createdAt: string;
    createdBy: string;
    modifiedAt: string;
    modifiedBy: string;
    notes: string | null;
    attributes: {
      [key: string]: (string | number | boolean) | {
        id: string;
        firstName: string | null;
        lastName: string | null;
        username: string | null;
        email: string | null;
        mobilePhone: string | null;
        roles: string[];
        isActive: boolean;
        createdAt: string;
        createdBy: string;
        modifiedAt: string;
        modifiedBy: string;
        notes: string | null;
        attributes: {
          [key: string]: string | number | boolean;
        };
      };
    };
  };
  ProjectUsersGetQuery: {
    /** @description Comma-separated: media, mediagallery, references. references answers the users that attributes of the type user name; there are no media */
    resolve?: string;
  };
  ProjectsChangeBody: {
    team_id?: string | null;
    name?: string | null;
    slug?: string | null;
    metadata?: {
      [key: string]: unknown;
    } | null;
    settings?: {
      rate_limit?: number | null;
      allowed_services?: ("environment" | "engagement" | "project")[] | null;
      allowed_origins?: string[] | null;
      event_retention_days?: number | null;
      force_password_change?: boolean | null;
      mail_link_base?: string | null;
    } | null;
  };
  ProjectsCreateAnswer: {
    project_id: string;
    org_id: string;
    team_id: string | null;
    name: string;
    slug: string;
    metadata: {
      [key: string]: unknown;
    };
    settings: {
      rate_limit?: number;
      allowed_services?: ("environment" | "engagement" | "project")[];
      allowed_origins?: string[];
      event_retention_days?: number;
      force_password_change?: boolean;
      mail_link_base?: string;
    };
    created_at: string;
    updated_at: string;
  };
  ProjectsCreateBody: {
    org_id: string;
    team_id?: string | null;
    name: string;
    slug: string;
    metadata?: {
      [key: string]: unknown;
    } | null;
    settings?: {
      rate_limit?: number | null;
      allowed_services?: ("environment" | "engagement" | "project")[] | null;
      allowed_origins?: string[] | null;
      event_retention_days?: number | null;
      force_password_change?: boolean | null;
      mail_link_base?: string | null;
    } | null;
  };
  ProjectsListAnswer: {
    projects: {
      project_id: string;
      org_id: string;
      team_id: string | null;
      name: string;
      slug: string;
      metadata: {
        [key: string]: unknown;
      };
      settings: {
        rate_limit?: number;
        allowed_services?: ("environment" | "engagement" | "project")[];
        allowed_origins?: string[];
        event_retention_days?: number;
        force_password_change?: boolean;
        mail_link_base?: string;
      };
      created_at: string;
      updated_at: string;
    }[];
    next_cursor: string | null;
    page_size: number;
  };
  ProjectsListQuery: {
    /** @description `next_cursor` of the page before */
    cursor?: string;
    /** @description 1 to 100 */
    page_size?: number;
    /** @description Only projects of this organisation */
    org_id?: string;
    /** @description Only projects of this team */
    team_id?: string;
  };
  ProjectsRemoveQuery: {
    /**
     * @description Erases its users with it
     * @constant
     */
    users?: "erase";
  };
  ReceiptsChainQuery: {
    /** @description A sequence: only receipts after it */
    after?: string;
  };
  ReceiptsListAnswer: {
    receipts: ({
      /** @constant */
      format: "rollcall-receipt/1";
      sequence: number;
      previous: string | null;
      kid: string;
      hash: string;
      signature: string;
      /** @constant */
      kind: "erasure";
      erasure_id: string;
      project_id: string;
      requested_by: {
        type: string;
        id: string;
      };
      requested_at: string;
      finished_at: string;
      users: number;
      user_hashes: string[];
      services: {
        [key: string]: {
          erased: {
            [key: string]: number;
          };
          remains: {
            [key: string]: number;
          };
        };
      };
      left: {
        bytes_until: string;
        backups_until: string | null;
      };
    } | {
      /** @constant */
      format: "rollcall-receipt/1";
      sequence: number;
      previous: string | null;
      kid: string;
      hash: string;
      signature: string;
      /** @constant */
      kind: "removal";
      erasures: number[];
      began_at: string;
      finished_at: string;
      complete: boolean;
      services: {
        [key: string]: {
          [key: string]: "rewritten" | "unchanged" | "too-large" | "busy" | "not-permitted";
        };
      };
      /** @enum {string} */
      write_ahead_log: "removed" | "recycled" | "archived" | "kept-for-replicas" | "not-permitted";
      left: {
        backups_until: string | null;
      };
    })[];
    next_cursor: string | null;
    limit: number;
  };
  ReceiptsListQuery: {
    /** @description `next_cursor` of the page before */
    cursor?: string;
    /** @description 1 to 100 */
    limit?: number;
    /**
     * @description The kind
     * @enum {string}
     */
    kind?: "erasure" | "removal";
  };
  ReceiptsOfOrganisationQuery: {
    /** @description `next_cursor` of the page before */
    cursor?: string;
    /** @description 1 to 100 */
    limit?: number;
  };
  ReceiptsOfProjectQuery: {
    /** @description `next_cursor` of the page before */
    cursor?: string;
    /** @description 1 to 100 */
    limit?: number;
  };
  ReceiptsRotateAnswer: {
    kid: string;
    created_at: string;
  };
  ReceiptsVerifyAnswer: {
    valid: boolean;
    receipts: number;
    first: number | null;
    last: number | null;
    /** @description Keep it elsewhere: a chain that ends with it later was not cut off */
    last_hash: string | null;
    problem: string | null;
    /** @description Place of the first receipt that is wrong */
    at: number | null;
  };
  SdkKeysListAnswer: {
    sdk_keys: {
      sdk_key_id: string;
      name: string;
      /** @enum {string} */
      algorithm: "RS256" | "ES256" | "EdDSA";
      /** @description As a JWK */
      public_key: {
        [key: string]: string;
      };
      claims: {
        [key: string]: string;
      };
      created_at: string;
      updated_at: string;
    }[];
    next_cursor: string | null;
    page_size: number;
  };
  SdkKeysListQuery: {
    /** @description `next_cursor` of the page before */
    cursor?: string;
    /** @description 1 to 100 */
    page_size?: number;
  };
  SdkKeysPutAnswer: {
    sdk_key_id: string;
    name: string;
    /** @enum {string} */
    algorithm: "RS256" | "ES256" | "EdDSA";
    /** @description As a JWK */
    public_key: {
      [key: string]: string;
    };
    claims: {
      [key: string]: string;
    };
    created_at: string;
    updated_at: string;
  };
  SdkKeysPutBody: {
    name: string;
    /** @description PEM text, or a JWK. A private key is refused */
    public_key: string | {
      [key: string]: unknown;
    };
    /** @enum {string} */
    algorithm: "RS256" | "ES256" | "EdDSA";
    /** @description Token claim → profile field */
    claims?: {
      [key: string]: string;
    } | null;
  };
  SegmentMembersListAnswer: {
    users: {
      user_id: string;
      /** @description The external id, or what stands for it */
      uid: string;
      external_id: string | null;
      /** @description At home in the staff of the deployment: they only hold roles in the project */
      is_staff: boolean;
      name: string | null;
      first_name: string | null;
      last_name: string | null;
      user_email: string | null;
      phone: string | null;
      /** @description The name to log in with */
      user_name: string | null;
      /** @enum {string} */
      status: "active" | "inactive";
      roles: string[];
      notes: string | null;
      city: string | null;
      country: string | null;
      region: string | null;
      timezone: string | null;
      attributes: {
        [key: string]: string | number | boolean;
      };
      preferences: {
        [key: string]: unknown;
      };
      /** @description What they last used, and when they did what the project marked */
      activity: {
        [key: string]: string;
      };
      devices: {
        /** @enum {string} */
        platform: "android" | "ios";
        token: string;
      }[];
      lists: {
        list_id: string;
        subscribed: boolean;
      }[];
      segments: {
        segment_id: string;
        suppressed: boolean;
      }[];
      is_account: boolean;
      accounts: {
        id: string;
        role: string | null;
      }[];
      first_seen_at: string | null;
      last_seen_at: string | null;
      created_at: string;
      created_by: string;
      modified_at: string;
      modified_by: string;
    }[];
    next_cursor: string | null;
    page_size: number;
  };
  SegmentMembersListQuery: {
    /** @description `next_cursor` of the page before */
    cursor?: string;
    /** @description 1 to 100 */
    page_size?: number;
  };
  SegmentsChangeBody: {
    name?: string | null;
    rule?: null | Record<string, never>;
  };
  SegmentsCreateAnswer: {
    segment_id: string;
    name: string;
    /** @description As it was given */
    rule: {
      [key: string]: unknown;
    };
    /**
     * @description computing until every user was looked at since the rule last changed
     * @enum {string}
     */
    state: "computing" | "ready";
    progress: {
      /** @description Users that the last look at all has been at */
      evaluated: number;
      /** @description Users there were when it began */
      total: number;
      /** @description When the last one ended */
      evaluated_at: string | null;
    };
    created_at: string;
    modified_at: string;
  };
  SegmentsCreateBody: {
    name: string;
    rule: Record<string, never>;
  };
  SegmentsGetAnswer: {
    segment_id: string;
    name: string;
    /** @description As it was given */
    rule: {
      [key: string]: unknown;
    };
    /**
     * @description computing until every user was looked at since the rule last changed
     * @enum {string}
     */
    state: "computing" | "ready";
    progress: {
      /** @description Users that the last look at all has been at */
      evaluated: number;
      /** @description Users there were when it began */
      total: number;
      /** @description When the last one ended */
      evaluated_at: string | null;
    };
    created_at: string;
    modified_at: string;
    /** @description Users who are in it */
    members: number;
  };
  SegmentsListAnswer: {
    segments: {
      segment_id: string;
      name: string;
      /** @description As it was given */
      rule: {
        [key: string]: unknown;
      };
      /**
       * @description computing until every user was looked at since the rule last changed
       * @enum {string}
       */
      state: "computing" | "ready";
      progress: {
        /** @description Users that the last look at all has been at */
        evaluated: number;
        /** @description Users there were when it began */
        total: number;
        /** @description When the last one ended */
        evaluated_at: string | null;
      };
      created_at: string;
      modified_at: string;
    }[];
    next_cursor: string | null;
    page_size: number;
  };
  SegmentsListQuery: {
    /** @description `next_cursor` of the page before */
    cursor?: string;
    /** @description 1 to 100 */
    page_size?: number;
  };
  SegmentsPreviewAnswer: {
    count: number;
  };
  SegmentsPreviewBody: {
    rule: Record<string, never>;
  };
  SigningKeysListAnswer: {
    signing_keys: {
      kid: string;
      algorithm: string;
      /**
       * @description next: published, and not signing yet; retired: verifies what it signed
       * @enum {string}
       */
      state: "next" | "signing" | "retired";
      created_at: string;
      active_from: string;
    }[];
  };
  SigningKeysRotateAnswer: {
    kid: string;
    algorithm: string;
    /**
     * @description next: published, and not signing yet; retired: verifies what it signed
     * @enum {string}
     */
    state: "next" | "signing" | "retired";
    created_at: string;
    active_from: string;
  };
  SigningKeysRotateBody: {
    /** @description Verifiers that keep a copy of the key set may refuse tokens until they look again */
    immediately?: boolean;
  };
  SsoListAnswer: {
    sso_connections: {
      org_id: string;
      issuer: string;
      client_id: string;
      email_domains: string[];
      auto_join: boolean;
      trust_email: boolean;
      return_urls: string[];
      created_at: string;
      updated_at: string;
    }[];
  };
  SsoPutAnswer: {
    org_id: string;
    issuer: string;
    client_id: string;
    email_domains: string[];
    auto_join: boolean;
    trust_email: boolean;
    return_urls: string[];
    created_at: string;
    updated_at: string;
  };
  SsoPutBody: {
    issuer: string;
    client_id: string;
    client_secret?: string | null;
    email_domains: string[];
    auto_join?: boolean | null;
    trust_email?: boolean | null;
    return_urls?: string[] | null;
  };
  SsoTestAnswer: {
    issuer: string;
    authorization_endpoint: string;
    token_endpoint: string;
  };
  SuppressionsCheckAnswer: {
    suppressed: boolean;
    since: string | null;
    suppressions: {
      /** @description A keyed hash of the name */
      suppression_id: string;
      /**
       * @description What the name was
       * @enum {string}
       */
      kind: "uid" | "email" | "user_name";
      suppressed_at: string;
      /** @description The erasure; its receipt has it as `erasure_id` */
      job_id: string;
    }[];
  };
  SuppressionsCheckBody: {
    /** @description An external id; also an email or a user name */
    uid?: string;
    user_id?: string;
  };
  SuppressionsListAnswer: {
    suppressions: {
      /** @description A keyed hash of the name */
      suppression_id: string;
      /**
       * @description What the name was
       * @enum {string}
       */
      kind: "uid" | "email" | "user_name";
      suppressed_at: string;
      /** @description The erasure; its receipt has it as `erasure_id` */
      job_id: string;
    }[];
    next_cursor: string | null;
    page_size: number;
  };
  SuppressionsListQuery: {
    /** @description `next_cursor` of the page before */
    cursor?: string;
    /** @description 1 to 100 */
    page_size?: number;
  };
  TeamMembersListAnswer: {
    members: {
      user_id: string;
      user_name: string | null;
      user_email: string | null;
      role: string;
      assigned_at: string;
    }[];
    next_cursor: string | null;
    page_size: number;
  };
  TeamMembersListQuery: {
    /** @description `next_cursor` of the page before */
    cursor?: string;
    /** @description 1 to 100 */
    page_size?: number;
  };
  TeamMembersSetAnswer: {
    user_id: string;
    user_name: string | null;
    user_email: string | null;
    role: string;
    assigned_at: string;
  };
  TeamMembersSetBody: {
    role: string;
  };
  TeamsCreateAnswer: {
    team_id: string;
    org_id: string;
    name: string;
    created_at: string;
    updated_at: string;
  };
  TeamsCreateBody: {
    org_id: string;
    name: string;
  };
  TeamsListAnswer: {
    teams: {
      team_id: string;
      org_id: string;
      name: string;
      created_at: string;
      updated_at: string;
    }[];
    next_cursor: string | null;
    page_size: number;
  };
  TeamsListQuery: {
    /** @description `next_cursor` of the page before */
    cursor?: string;
    /** @description 1 to 100 */
    page_size?: number;
    /** @description Only teams of this organisation */
    org_id?: string;
  };
  TokenIssueAnswer: {
    access_token: string;
    /** @constant */
    token_type: "Bearer";
    expires_in: number;
    scope: string;
  };
  TokenIssueBody: {
    grant_type: string;
    client_id?: string;
    client_secret?: string;
  };
  UserChangesChangeMeBody: {
    user_name?: string | null;
    /** @description Merged key by key */
    preferences?: {
      [key: string]: unknown;
    } | null;
    /** @description In the organisations that you administer */
    status?: ("active" | "inactive") | null;
    global_role?: ("super_admin" | "none") | null;
  };
  UserExportExportQuery: {
    /** @description Where the user is at home; else it is found out */
    project_id?: string;
  };
  UserSessionsListAnswer: {
    sessions: {
      session_id: string;
      /** @description What the user agent says, in a few words: `Firefox on Linux` */
      device: string | null;
      user_agent: string | null;
      /** @description Of the last login or refresh */
      address: string | null;
      created_at: string;
      /** @description The last login or refresh */
      last_used_at: string;
      /** @description When it ends, unless it is used before */
      expires_at: string;
    }[];
    next_cursor: string | null;
    page_size: number;
  };
  UserSessionsListQuery: {
    /** @description `next_cursor` of the page before */
    cursor?: string;
    /** @description 1 to 100 */
    page_size?: number;
  };
  UsersListAnswer: {
    users: {
      user_id: string;
      /** @description The name to show */
      user_name: string | null;
      user_email: string | null;
      /** @enum {string} */
      status: "invited" | "active" | "inactive" | "deleted";
      global_role: string | null;
      preferences: {
        [key: string]: unknown;
      };
      orgs: {
        org_id: string;
        org_name: string;
        role: string;
        /** @enum {string} */
        status: "invited" | "active" | "inactive";
      }[];
      /** @description Of the last mail of an invitation that awaits its acceptance; null while that is not known, absent without one */
      email_status?: ("queued" | "sent" | "failed") | null;
      created_at: string;
      updated_at: string;
      last_login_at: string | null;
    }[];
    next_cursor: string | null;
    page_size: number;
  };
  UsersListQuery: {
    /** @description `next_cursor` of the page before */
    cursor?: string;
    /** @description 1 to 100 */
    page_size?: number;
    /** @description The org id */
    org_id?: string;
    /** @description The team id */
    team_id?: string;
    /** @description The project id */
    project_id?: string;
    /** @description Anywhere in name or email, in any case */
    search?: string;
    /**
     * @description The sort by
     * @enum {string}
     */
    sort_by?: "name" | "email" | "created_at";
    /**
     * @description The sort order
     * @enum {string}
     */
    sort_order?: "asc" | "desc";
  };
  UsersMembershipsAnswer: {
    teams: {
      team_id: string;
      team_name: string;
      role: string;
      assigned_at: string;
    }[];
    projects: {
      project_id: string;
      project_name: string;
      team_id: string | null;
      role: string;
      assigned_at: string;
    }[];
  };
  WebhookDeliveriesGetAnswer: {
    delivery_id: string;
    /** @description `webhook-id`, and the `id` of the event */
    event_id: string;
    /** @description Of the event in the feed */
    sequence: string;
    type: string;
    subject: string;
    /** @enum {string} */
    state: "pending" | "delivered" | "failed";
    attempts: number;
    /** @description Of the last attempt; null: nobody answered */
    response_status: number | null;
    /** @description Why the last attempt failed, such as refused, timeout, refused-address */
    error: string | null;
    created_at: string;
    attempted_at: string | null;
    next_attempt_at: string | null;
    finished_at: string | null;
    /** @description The last hundred attempts, newest first */
    log: {
      attempt: number;
      at: string;
      response_status: number | null;
      error: string | null;
      duration_ms: number;
    }[];
  };
  WebhookDeliveriesListAnswer: {
    deliveries: {
      delivery_id: string;
      /** @description `webhook-id`, and the `id` of the event */
      event_id: string;
      /** @description Of the event in the feed */
      sequence: string;
      type: string;
      subject: string;
      /** @enum {string} */
      state: "pending" | "delivered" | "failed";
      attempts: number;
      /** @description Of the last attempt; null: nobody answered */
      response_status: number | null;
      /** @description Why the last attempt failed, such as refused, timeout, refused-address */
      error: string | null;
      created_at: string;
      attempted_at: string | null;
      next_attempt_at: string | null;
      finished_at: string | null;
    }[];
    next_cursor: string | null;
    page_size: number;
  };
  WebhookDeliveriesListQuery: {
    /**
     * @description The state
     * @enum {string}
     */
    state?: "pending" | "delivered" | "failed";
    /** @description Id of the user or thing that events are about */
    subject?: string;
    /** @description The cursor */
    cursor?: string;
    /** @description The page size */
    page_size?: string;
  };
  WebhookDeliveriesReplayAnswer: {
    delivery_id: string;
    /** @description `webhook-id`, and the `id` of the event */
    event_id: string;
    /** @description Of the event in the feed */
    sequence: string;
    type: string;
    subject: string;
    /** @enum {string} */
    state: "pending" | "delivered" | "failed";
    attempts: number;
    /** @description Of the last attempt; null: nobody answered */
    response_status: number | null;
    /** @description Why the last attempt failed, such as refused, timeout, refused-address */
    error: string | null;
    created_at: string;
    attempted_at: string | null;
    next_attempt_at: string | null;
    finished_at: string | null;
  };
  WebhookDeliveriesReplaySinceAnswer: {
    queued: number;
  };
  WebhookDeliveriesReplaySinceBody: {
    /** @description Events that happened from this time on, ISO 8601 */
    from: string;
    /** @description And before this time */
    to?: string | null;
    /** @description Only what was given up */
    only_failed?: boolean | null;
  };
  WebhooksChangeAnswer: {
    webhook_id: string;
    url: string;
    description: string | null;
    /** @description null: all */
    types: string[] | null;
    enabled: boolean;
    disabled_at: string | null;
    /** @description manual; gone: it answered 410; failing: it took nothing for too long */
    disabled_reason: ("manual" | "gone" | "failing") | null;
    /** @description Since when nothing was taken */
    failing_since: string | null;
    /** @description Until when the secret before the last rotation signs too */
    previous_secret_until: string | null;
    created_at: string;
    modified_at: string;
  };
  WebhooksChangeBody: {
    url?: string | null;
    description?: string | null;
    types?: string[] | null;
    /** @description All types, in place of `types` */
    all_types?: true | null;
    enabled?: boolean | null;
  };
  WebhooksCreateAnswer: {
    webhook_id: string;
    url: string;
    description: string | null;
    /** @description null: all */
    types: string[] | null;
    enabled: boolean;
    disabled_at: string | null;
    /** @description manual; gone: it answered 410; failing: it took nothing for too long */
    disabled_reason: ("manual" | "gone" | "failing") | null;
    /** @description Since when nothing was taken */
    failing_since: string | null;
    /** @description Until when the secret before the last rotation signs too */
    previous_secret_until: string | null;
    created_at: string;
    modified_at: string;
    /** @description Shown once */
    secret: string;
  };
  WebhooksCreateBody: {
    /** @description An https:// address in the internet */
    url: string;
    description?: string | null;
    /** @description Types of events as the feed has them, such as `rollcall.user.*`; null: all */
    types?: string[] | null;
  };
  WebhooksGetAnswer: {
    webhook_id: string;
    url: string;
    description: string | null;
    /** @description null: all */
    types: string[] | null;
    enabled: boolean;
    disabled_at: string | null;
    /** @description manual; gone: it answered 410; failing: it took nothing for too long */
    disabled_reason: ("manual" | "gone" | "failing") | null;
    /** @description Since when nothing was taken */
    failing_since: string | null;
    /** @description Until when the secret before the last rotation signs too */
    previous_secret_until: string | null;
    created_at: string;
    modified_at: string;
    /** @description Deliveries that wait */
    pending: number;
  };
  WebhooksListAnswer: {
    webhooks: {
      webhook_id: string;
      url: string;
      description: string | null;
      /** @description null: all */
      types: string[] | null;
      enabled: boolean;
      disabled_at: string | null;
      /** @description manual; gone: it answered 410; failing: it took nothing for too long */
      disabled_reason: ("manual" | "gone" | "failing") | null;
      /** @description Since when nothing was taken */
      failing_since: string | null;
      /** @description Until when the secret before the last rotation signs too */
      previous_secret_until: string | null;
      created_at: string;
      modified_at: string;
    }[];
  };
  WebhooksTestAnswer: {
    delivered: boolean;
    response_status: number | null;
    error: string | null;
    duration_ms: number;
  };
}
