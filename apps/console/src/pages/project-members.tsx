import { PageHead, Panel } from '../components/page.js';
import { useId } from '../shell/address.js';
import { useMay, useScope } from '../shell/scope.js';
import { InviteButton } from './members/invite.js';
import { MemberTable } from './members/member-table.js';

/** The staff of a project. */
export function ProjectMembersPage() {
  const projectId = useId('projectId');
  const { project } = useScope();
  const may = useMay({ project_id: projectId });
  const place = { level: 'project', id: projectId, name: project?.name ?? 'the project' } as const;
  return (
    <div>
      <PageHead title="Staff" about="Who was given a role in this project itself. Administrators of its team and organisation reach it without one." actions={may('roles:write') && <InviteButton place={place} />} />
      <Panel flush>
        <MemberTable place={place} mayChange={may('roles:write')} />
      </Panel>
    </div>
  );
}
