import { Link } from '@tanstack/react-router';
import { Icon, type IconName } from '../components/icon.js';
import { useMay, useScope } from './scope.js';
import classes from './shell.module.css';

interface Place {
  to: string;
  label: string;
  icon: IconName;
  exact?: boolean;
  /** The permission that the page takes; without it, it is not in the menu. */
  needs: string;
}

/** The pages there are: of the project, of its organisation, and of the deployment for those who run it. */
export function Navigation({ globalRole }: { globalRole: string | null }) {
  const { project, organisation } = useScope();
  const mayInProject = useMay(project === undefined ? undefined : { project_id: project.project_id });
  const mayInOrganisation = useMay(organisation === undefined ? undefined : { org_id: organisation.org_id });
  const ofProject = project === undefined ? [] : projectPlaces(`/projects/${project.project_id}`).filter(({ needs }) => mayInProject(needs));
  const ofOrganisation = organisation === undefined ? [] : organisationPlaces(`/orgs/${organisation.org_id}`).filter(({ needs }) => mayInOrganisation(needs));
  const ofDeployment = globalRole === 'super_admin' ? deploymentPlaces : [];
  return (
    <nav className={classes.nav} aria-label="Main">
      <Section title={project?.name ?? 'Project'} places={ofProject} />
      <Section title={organisation?.name ?? 'Organisation'} places={ofOrganisation} />
      <Section title="Deployment" places={ofDeployment} />
    </nav>
  );
}

const projectPlaces = (base: string): Place[] => [
  { to: base, label: 'Overview', icon: 'home', exact: true, needs: 'users:read' },
  { to: `${base}/users`, label: 'Users', icon: 'users', needs: 'users:read' },
  { to: `${base}/segments`, label: 'Segments', icon: 'filter', needs: 'users:read' },
  { to: `${base}/lists`, label: 'Lists', icon: 'list', needs: 'users:read' },
  { to: `${base}/fields`, label: 'Custom fields', icon: 'columns', needs: 'users:read' },
  { to: `${base}/keys`, label: 'Keys', icon: 'key', needs: 'project:administer' },
  { to: `${base}/webhooks`, label: 'Webhooks', icon: 'webhook', needs: 'project:administer' },
  { to: `${base}/staff`, label: 'Staff', icon: 'shield', needs: 'staff:list' },
  { to: `${base}/roles`, label: 'Roles', icon: 'lock', needs: 'users:read' },
  { to: `${base}/audit`, label: 'Audit trail', icon: 'book', needs: 'project:administer' },
  { to: `${base}/settings`, label: 'Settings', icon: 'settings', needs: 'project:read' },
];

const organisationPlaces = (base: string): Place[] => [
  { to: base, label: 'Projects and teams', icon: 'folder', exact: true, needs: 'org:read' },
  { to: `${base}/people`, label: 'People', icon: 'building', needs: 'staff:list' },
  { to: `${base}/invitations`, label: 'Invitations', icon: 'mail', needs: 'org:administer' },
  { to: `${base}/keys`, label: 'API keys', icon: 'key', needs: 'org:administer' },
  { to: `${base}/sso`, label: 'Single sign-on', icon: 'lock', needs: 'org:administer' },
  { to: `${base}/audit`, label: 'Audit trail', icon: 'book', needs: 'org:administer' },
];

const deploymentPlaces: Place[] = [
  { to: '/deployment/orgs', label: 'Organisations', icon: 'building', needs: 'orgs:list' },
  { to: '/deployment/jobs', label: 'Jobs', icon: 'clock', needs: 'jobs:read' },
  { to: '/deployment/audit', label: 'Audit trail', icon: 'book', needs: 'audit:read' },
];

function Section({ title, places }: { title: string; places: readonly Place[] }) {
  if (places.length === 0) return null;
  return (
    <div>
      <h2 className={classes.section}>{title}</h2>
      <ul>
        {places.map(({ to, label, icon, exact = false }) => (
          <li key={to}>
            <Link to={to as never} className={classes.link} activeOptions={{ exact, includeSearch: false }} preload="intent">
              <Icon name={icon} size={17} />
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
