import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { every } from '../../api/every.js';
import { api } from '../../api/http.js';
import type { FailedJob } from '../../api/types.js';
import { Empty } from '../../components/empty.js';
import { Panel } from '../../components/page.js';
import { failed, Failed } from '../../components/page-error.js';
import { PageLoading } from '../../components/page-loading.js';
import { Table } from '../../components/table.js';
import { Time } from '../../components/time.js';
import { toast } from '../../components/toasts.js';

/** Jobs that were given up after all their attempts. */
export function FailedJobs() {
  const found = useQuery({ queryKey: ['failed-jobs'], queryFn: async ({ signal }) => (await api.get<{ failed_jobs: FailedJob[] }>('/v1/admin/failed-jobs', { signal })).failed_jobs, refetchInterval: every(10_000) });
  if (failed(found)) return <Failed error={found.error} again={() => void found.refetch()} />;
  if (found.data === undefined) return <PageLoading />;
  return (
    <Panel flush>
      {found.data.length === 0 ? (
        <Empty icon="check" title="No job was given up">
          <p>A job that fails is tried again, up to 40 times over some minutes. What still fails then shows up here for a week.</p>
        </Empty>
      ) : (
        <Table
          label="Failed jobs"
          items={found.data}
          idOf={({ queue, job_id }) => `${queue} ${job_id}`}
          columns={[
            { title: 'Job', role: 'main', cell: ({ job, queue }) => <><strong>{job}</strong> <span className="muted">{queue}</span></> },
            { title: 'About', cell: ({ ids }) => <code data-wraps>{Object.entries(ids).map(([name, value]) => `${name}=${String(value)}`).join(' ')}</code> },
            { title: 'Error', cell: ({ error, attempts }) => <><code data-wraps>{error}</code> <span className="muted">after {attempts} attempts</span></> },
            { title: 'When', cell: ({ failed_at }) => <Time at={failed_at} /> },
            { title: 'Actions', role: 'actions', cell: (job) => <Retry job={job} /> },
          ]}
        />
      )}
    </Panel>
  );
}

function Retry({ job: { queue, job_id, job } }: { job: FailedJob }) {
  const queries = useQueryClient();
  const retry = useMutation({
    mutationFn: () => api.post(`/v1/admin/failed-jobs/${encodeURIComponent(queue)}/${encodeURIComponent(job_id)}/retry`),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['failed-jobs'] });
      toast.done(`${job} starts anew.`);
    },
    onError: toast.failed,
  });
  return (
    <Button size="compact-xs" variant="subtle" loading={retry.isPending} onClick={() => retry.mutate()} aria-label={`Retry ${job} ${job_id}`}>
      Retry
    </Button>
  );
}
