import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { PageError } from './components/page-error.js';
import { PageLoading } from './components/page-loading.js';
import { NotFound } from './components/not-found.js';
import { mustBeIn, mustBeOut, takeUpSession } from './shell/entrance.js';
import { Root } from './shell/root.js';
import { StaffShell } from './shell/shell.js';

const root = createRootRoute({ beforeLoad: takeUpSession, component: Root, notFoundComponent: NotFound });

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined);

/** What links in mails, and the way back from a provider, bring with them. */
type OpenSearch = Partial<Record<'token' | 'next' | 'code' | 'error', string>>;

// Pages that need nobody to be logged in.
const open = <const Path extends string>(path: Path, page: () => Promise<Record<string, React.ComponentType>>, name: string, beforeLoad?: typeof mustBeOut) =>
  createRoute({
    getParentRoute: () => root,
    path,
    validateSearch: (search: Record<string, unknown>): OpenSearch => ({ token: text(search['token']), next: text(search['next']), code: text(search['code']), error: text(search['error']) }),
    beforeLoad,
    component: lazyRouteComponent(page, name),
  });
const login = open('/login', () => import('./pages/login.js'), 'LoginPage', mustBeOut);
const forgot = open('/forgot-password', () => import('./pages/forgot-password.js'), 'ForgotPasswordPage');
const reset = open('/reset-password', () => import('./pages/reset-password.js'), 'ResetPasswordPage');
const accept = open('/accept-invitation', () => import('./pages/accept-invitation.js'), 'AcceptInvitationPage');
const verify = open('/verify-email', () => import('./pages/confirm-email.js'), 'ConfirmEmailPage');
const confirm = open('/confirm-email', () => import('./pages/confirm-email.js'), 'ConfirmEmailPage');

const shell = createRoute({ getParentRoute: () => root, id: 'shell', beforeLoad: mustBeIn, component: StaffShell });

/** A page inside the shell. Its search parameters are its own: filters, sort, tab. */
const page = <const Path extends string>(path: Path, load: () => Promise<Record<string, React.ComponentType>>, name: string) =>
  createRoute({
    getParentRoute: () => shell,
    path,
    validateSearch: (search: Record<string, unknown>): Record<string, string | undefined> => Object.fromEntries(Object.entries(search).map(([key, value]) => [key, text(value)])),
    component: lazyRouteComponent(load, name),
  });

const pages = [
  page('/', () => import('./pages/home.js'), 'HomePage'),
  page('/account', () => import('./pages/account.js'), 'AccountPage'),
  page('/projects/$projectId', () => import('./pages/project-home.js'), 'ProjectHomePage'),
  page('/projects/$projectId/settings', () => import('./pages/project-settings.js'), 'ProjectSettingsPage'),
  page('/projects/$projectId/roles', () => import('./pages/roles.js'), 'RolesPage'),
  page('/projects/$projectId/users', () => import('./pages/users.js'), 'UsersPage'),
  page('/projects/$projectId/erasures/$jobId', () => import('./pages/erasure.js'), 'ErasurePage'),
  page('/projects/$projectId/users/$userId', () => import('./pages/user.js'), 'UserPage'),
  page('/projects/$projectId/segments', () => import('./pages/segments.js'), 'SegmentsPage'),
  page('/projects/$projectId/segments/new', () => import('./pages/segment.js'), 'NewSegmentPage'),
  page('/projects/$projectId/segments/$segmentId', () => import('./pages/segment.js'), 'SegmentPage'),
  page('/projects/$projectId/lists', () => import('./pages/lists.js'), 'ListsPage'),
  page('/projects/$projectId/fields', () => import('./pages/fields.js'), 'FieldsPage'),
  page('/projects/$projectId/keys', () => import('./pages/keys.js'), 'KeysPage'),
  page('/orgs/$orgId/keys', () => import('./pages/keys.js'), 'OrganisationKeysPage'),
  page('/projects/$projectId/webhooks', () => import('./pages/webhooks.js'), 'WebhooksPage'),
  page('/projects/$projectId/webhooks/$webhookId', () => import('./pages/webhook.js'), 'WebhookPage'),
  page('/projects/$projectId/audit', () => import('./pages/audit.js'), 'ProjectAuditPage'),
  page('/orgs/$orgId/audit', () => import('./pages/audit.js'), 'OrganisationAuditPage'),
  page('/orgs/$orgId/sso', () => import('./pages/sso.js'), 'SsoPage'),
  page('/deployment/jobs', () => import('./pages/jobs.js'), 'JobsPage'),
  page('/deployment/audit', () => import('./pages/audit.js'), 'DeploymentAuditPage'),
  page('/projects/$projectId/staff', () => import('./pages/project-members.js'), 'ProjectMembersPage'),
  page('/orgs/$orgId', () => import('./pages/organisation.js'), 'OrganisationPage'),
  page('/orgs/$orgId/teams/$teamId', () => import('./pages/team.js'), 'TeamPage'),
  page('/orgs/$orgId/people/$userId', () => import('./pages/person.js'), 'PersonPage'),
  page('/deployment/orgs', () => import('./pages/organisations.js'), 'OrganisationsPage'),
  page('/orgs/$orgId/people', () => import('./pages/people.js'), 'PeoplePage'),
  page('/orgs/$orgId/invitations', () => import('./pages/invitations.js'), 'InvitationsPage'),
];

export const router = createRouter({
  routeTree: root.addChildren([login, forgot, reset, accept, verify, confirm, shell.addChildren(pages)]),
  basepath: '/console',
  defaultPreload: 'intent',
  defaultErrorComponent: PageError,
  defaultPendingComponent: PageLoading,
  scrollRestoration: true,
  // Plain text: `?search=ada`, not JSON in quotes.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const parameters = new URLSearchParams(Object.entries(search).flatMap(([name, value]) => (value === undefined || value === null || value === '' ? [] : [[name, String(value)]])));
    return parameters.size === 0 ? '' : `?${parameters.toString()}`;
  },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
