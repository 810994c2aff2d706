import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { every } from '../api/every.js';
import { cursorList } from '../api/queries.js';
import { segmentsPath } from '../api/segments.js';
import type { Segment } from '../api/types.js';
import { Empty } from '../components/empty.js';
import { Icon } from '../components/icon.js';
import { PageHead, Panel } from '../components/page.js';
import { CursorTable } from '../components/table.js';
import { Time } from '../components/time.js';
import { useId } from '../shell/address.js';
import { useMay } from '../shell/scope.js';
import { SegmentState } from './segments/segment-state.js';

export function SegmentsPage() {
  const projectId = useId('projectId');
  const may = useMay({ project_id: projectId });
  const list = useInfiniteQuery({ ...cursorList<Segment>(segmentsPath(projectId), 'segments'), refetchInterval: every(5_000) });
  const make = may('segments:write') && (
    <Button component={Link} to={`/projects/${projectId}/segments/new`} leftSection={<Icon name="plus" size={16} />}>
      New segment
    </Button>
  );
  return (
    <div>
      <PageHead title="Segments" about="Users who fit a rule. They come and go by themselves as their data changes." actions={make} />
      <Panel flush>
        <CursorTable
          label="Segments"
          list={list}
          idOf={({ segment_id }) => segment_id}
          empty={
            <Empty icon="filter" title="No segments yet">
              <p>Say who is meant, for example users on the plan “pro” who paid twice in a month, and Rollcall keeps the list up to date.</p>
              {make}
            </Empty>
          }
          columns={[
            {
              title: 'Name',
              role: 'main',
              cell: ({ segment_id, name }) => (
                <Link to="/projects/$projectId/segments/$segmentId" params={{ projectId, segmentId: segment_id }}>
                  <strong>{name}</strong>
                </Link>
              ),
            },
            { title: 'State', cell: (segment) => <SegmentState segment={segment} /> },
            { title: 'Changed', cell: ({ modified_at }) => <Time at={modified_at} /> },
          ]}
        />
      </Panel>
    </div>
  );
}
