import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Project, Team } from '../../api/types.js';
import { Table, type Column } from '../../components/table.js';
import { Time } from '../../components/time.js';

/** Projects of an organisation or a team, each a way into it. @param teams names them; without, they are not said */
export function ProjectTable({ projects, teams, empty }: { projects: readonly Project[]; teams?: readonly Team[]; empty: ReactNode }) {
  if (projects.length === 0) return <>{empty}</>;
  const columns: Column<Project>[] = [
    {
      title: 'Project',
      role: 'main',
      cell: ({ project_id, name }) => (
        <Link to="/projects/$projectId" params={{ projectId: project_id }}>
          <strong>{name}</strong>
        </Link>
      ),
    },
    { title: 'Short name', cell: ({ slug }) => <code>{slug}</code> },
    ...(teams === undefined ? [] : [{ title: 'Team', cell: ({ team_id }: Project) => teams.find((team) => team.team_id === team_id)?.name ?? <span className="muted">None</span> }]),
    { title: 'Made', cell: ({ created_at }) => <Time at={created_at} /> },
  ];
  return <Table label="Projects" items={projects} idOf={({ project_id }) => project_id} columns={columns} />;
}
