import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { access, me, organisations, projects } from '../api/queries.js';
import type { Organisation, Project } from '../api/types.js';

const lastKey = 'rollcall.place';

interface Scope {
  project: Project | undefined;
  organisation: Organisation | undefined;
  projects: Project[];
  organisations: Organisation[];
  isLoading: boolean;
}

/** Where one is: the project and organisation of the address, else those of the last visit, else the first there are. */
export function useScope(): Scope {
  const { projectId, orgId }: { projectId?: string; orgId?: string } = useParams({ strict: false });
  const { data: allProjects = [], isLoading: projectsLoad } = useQuery(projects);
  const { data: allOrganisations = [], isLoading: organisationsLoad } = useQuery(organisations);
  const last = lastPlace();
  const named = allProjects.find((project) => project.project_id === projectId);
  const ofOrganisation = orgId === undefined ? allProjects : allProjects.filter((project) => project.org_id === orgId);
  const project = named ?? (projectId === undefined ? (ofOrganisation.find((each) => each.project_id === last) ?? ofOrganisation.at(-1)) : undefined);
  const organisation = allOrganisations.find(({ org_id }) => org_id === (orgId ?? project?.org_id)) ?? (orgId === undefined && project === undefined ? allOrganisations.at(-1) : undefined);
  useEffect(() => {
    if (named !== undefined) localStorage.setItem(lastKey, named.project_id);
  }, [named]);
  return { project, organisation, projects: allProjects, organisations: allOrganisations, isLoading: projectsLoad || organisationsLoad };
}

function lastPlace(): string | null {
  return localStorage.getItem(lastKey);
}

/** Whether the person at the screen may do something; false while that is not known. The server decides in any case. */
export function useMay(place: { project_id: string } | { team_id: string } | { org_id: string } | undefined): (permission: string) => boolean {
  const { data: user } = useQuery(me);
  const { data } = useQuery({ ...access(user?.user_id ?? '', place ?? { org_id: '' }), enabled: user !== undefined && place !== undefined });
  return (permission) => data?.permissions.includes(permission) ?? false;
}
