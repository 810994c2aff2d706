import { Link } from '@tanstack/react-router';
import { Icon, type IconName } from '../components/icon.js';
import { useScope } from './scope.js';
import classes from './shell.module.css';

interface Place {
  to: string;
  label: string;
  icon: IconName;
  exact?: boolean;
}

/** The pages there are: of the project, of its organisation, and of the deployment for those who run it. */
export function Navigation({ globalRole }: { globalRole: string | null }) {
  const { project, organisation } = useScope();
  const ofProject: Place[] = project === undefined ? [] : projectPlaces(`/projects/${project.project_id}`);
  const ofOrganisation: Place[] = organisation === undefined ? [] : organisationPlaces(`/orgs/${organisation.org_id}`);
  const ofDeployment: Place[] = globalRole === 'super_admin' ? deploymentPlaces : [];
  return (
    <nav className={classes.nav} aria-label="Main">
      <Section title={project?.name ?? 'Project'} places={ofProject} />
      <Section title={organisation?.name ?? 'Organisation'} places={ofOrganisation} />
      <Section title="Deployment" places={ofDeployment} />
    </nav>
  );
}

const projectPlaces = (base: string): Place[] => [
  { to: `${base}/users`, label: 'Users', icon: 'users' },
  { to: `${base}/segments`, label: 'Segments', icon: 'filter' },
  { to: `${base}/lists`, label: 'Lists', icon: 'list' },
  { to: `${base}/fields`, label: 'Custom fields', icon: 'columns' },
  { to: `${base}/keys`, label: 'Keys', icon: 'key' },
  { to: `${base}/staff`, label: 'Staff', icon: 'shield' },
  { to: `${base}/audit`, label: 'Audit trail', icon: 'book' },
];

const organisationPlaces = (base: string): Place[] => [
  { to: `${base}/people`, label: 'People', icon: 'building' },
  { to: `${base}/invitations`, label: 'Invitations', icon: 'mail' },
  { to: `${base}/keys`, label: 'API keys', icon: 'key' },
  { to: `${base}/sso`, label: 'Single sign-on', icon: 'lock' },
  { to: `${base}/audit`, label: 'Audit trail', icon: 'book' },
];

const deploymentPlaces: Place[] = [
  { to: '/deployment/jobs', label: 'Jobs', icon: 'clock' },
  { to: '/deployment/audit', label: 'Audit trail', icon: 'book' },
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
