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
  { to: `${base}/staff`, label: 'Staff', icon: 'shield' },
];

const organisationPlaces = (base: string): Place[] => [
  { to: `${base}/people`, label: 'People', icon: 'building' },
  { to: `${base}/invitations`, label: 'Invitations', icon: 'mail' },
];

const deploymentPlaces: Place[] = [];

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
