import { Button, Tabs } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { every } from '../api/every.js';
import { api } from '../api/http.js';
import type { Job, Jobs } from '../api/types.js';
import { Empty } from '../components/empty.js';
import { PageHead, Panel } from '../components/page.js';
import { failed, Failed } from '../components/page-error.js';
import { PageLoading } from '../components/page-loading.js';
import { Status, type Tone } from '../components/status.js';
import { Table } from '../components/table.js';
import { formatNumber, Time } from '../components/time.js';
import { toast } from '../components/toasts.js';
import { useAddress } from '../shell/address.js';
import { DeadLetters } from './jobs/dead-letters.js';
import { FailedJobs } from './jobs/failed-jobs.js';
import classes from './jobs/jobs.module.css';

const states: Readonly<Record<Job['state'], readonly [Tone, string]>> = { idle: ['calm', 'Idle'], waiting: ['busy', 'Waits'], running: ['busy', 'Running'], paused: ['warn', 'Paused'] };

/** What the platform does by itself, and what went wrong with it. */
export function JobsPage() {
  const [{ tab = 'schedules' }, change] = useAddress<'tab'>();
  return (
    <div>
      <PageHead title="Jobs" about="What the deployment does by itself: scheduled work, queues, and what was given up." />
      <Tabs value={tab} onChange={(next) => change({ tab: next === 'schedules' ? undefined : (next ?? undefined) })} keepMounted={false}>
        <Tabs.List className={classes.tabs}>
          <Tabs.Tab value="schedules">Schedules</Tabs.Tab>
          <Tabs.Tab value="failed">Failed jobs</Tabs.Tab>
          <Tabs.Tab value="dead-letters">Dead letters</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="schedules" pt="md">
          <Schedules />
        </Tabs.Panel>
        <Tabs.Panel value="failed" pt="md">
          <FailedJobs />
        </Tabs.Panel>
        <Tabs.Panel value="dead-letters" pt="md">
          <DeadLetters />
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}

function Schedules() {
  const found = useQuery({ queryKey: ['jobs'], queryFn: ({ signal }) => api.get<Jobs>('/v1/admin/jobs', { signal }), refetchInterval: every(3_000) });
  if (failed(found)) return <Failed error={found.error} again={() => void found.refetch()} />;
  if (found.data === undefined) return <PageLoading />;
  const { jobs, queues } = found.data;
  return (
    <>
      <div className={classes.queues}>
        {queues === null ? (
          <Panel title="Queues">
            <p className="muted">The store of the queues is out of reach. Nothing is lost: jobs are made again from what is committed.</p>
          </Panel>
        ) : (
          queues.map((queue) => (
            <section key={queue.queue} className={classes.queue} aria-label={`Queue ${queue.queue}`}>
              <h2>{queue.queue}</h2>
              <dl>
                {(['waiting', 'active', 'delayed', 'failed'] as const).map((state) => (
                  <div key={state} data-bad={state === 'failed' && queue.failed > 0 ? '' : undefined}>
                    <dt>{state}</dt>
                    <dd>{formatNumber(queue[state])}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))
        )}
      </div>
      <Panel flush title="Scheduled work">
        {jobs.length === 0 ? (
          <Empty icon="clock" title="Nothing is scheduled" />
        ) : (
          <Table
            label="Scheduled work"
            items={jobs}
            idOf={({ name }) => name}
            columns={[
              {
                title: 'Work',
                role: 'main',
                cell: ({ name, does }) => (
                  <>
                    <strong>{name}</strong>
                    <div className="muted">{does}</div>
                  </>
                ),
              },
              { title: 'State', cell: ({ state }) => <Status tone={states[state][0]}>{states[state][1]}</Status> },
              { title: 'Every', cell: ({ interval_seconds }) => spanOf(interval_seconds) },
              { title: 'Last run', cell: (job) => <LastRun job={job} /> },
              { title: 'Next', cell: ({ next_run_at }) => (next_run_at === null ? <span className="muted">–</span> : <Time at={next_run_at} />) },
              { title: 'Actions', role: 'actions', cell: (job) => <JobActions job={job} /> },
            ]}
          />
        )}
      </Panel>
    </>
  );
}

function LastRun({ job: { last_run: last, failures } }: { job: Job }) {
  if (last === null) return <span className="muted">never</span>;
  const done = Object.entries(last.counts).filter(([, count]) => count > 0);
  return (
    <>
      <Status tone={last.outcome === 'done' ? 'good' : last.outcome === 'failed' ? 'bad' : 'warn'}>{last.outcome === 'done' ? 'Done' : last.outcome === 'failed' ? `Failed${failures > 1 ? ` ${failures} times` : ''}` : 'Interrupted'}</Status>
      <div className="muted">
        <Time at={last.finished_at} />, {last.duration_ms < 1_000 ? `${last.duration_ms} ms` : `${(last.duration_ms / 1_000).toFixed(1)} s`}
        {last.error !== null && (
          <>
            , <code>{last.error}</code>
          </>
        )}
        {done.length > 0 && `: ${done.map(([what, count]) => `${formatNumber(count)} ${what}`).join(', ')}`}
      </div>
    </>
  );
}

function JobActions({ job: { name, state } }: { job: Job }) {
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: (what: 'run' | 'pause' | 'resume') => api.post(`/v1/admin/jobs/${name}/${what}`),
    onSuccess: async (_, what) => {
      await queries.invalidateQueries({ queryKey: ['jobs'] });
      toast.done({ run: `${name} begins.`, pause: `${name} is paused.`, resume: `${name} goes on.` }[what]);
    },
    onError: toast.failed,
  });
  return (
    <>
      <Button size="compact-xs" variant="subtle" disabled={state === 'running' || state === 'waiting'} onClick={() => act.mutate('run')} aria-label={`Run now: ${name}`}>
        Run now
      </Button>
      <Button size="compact-xs" variant="subtle" onClick={() => act.mutate(state === 'paused' ? 'resume' : 'pause')} aria-label={`${state === 'paused' ? 'Resume' : 'Pause'} ${name}`}>
        {state === 'paused' ? 'Resume' : 'Pause'}
      </Button>
    </>
  );
}

function spanOf(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}
