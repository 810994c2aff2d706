import { Alert, Button, SegmentedControl } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { every } from '../api/every.js';
import { api } from '../api/http.js';
import { cursorList } from '../api/queries.js';
import type { Delivery, WebhookTest } from '../api/types.js';
import { webhook as webhookQuery, webhooksPath } from '../api/webhooks.js';
import { Confirm } from '../components/confirm.js';
import { CopyText } from '../components/copy-text.js';
import { Dialog } from '../components/dialog.js';
import { Empty } from '../components/empty.js';
import { Facts } from '../components/facts.js';
import { Icon } from '../components/icon.js';
import { PageHead, Panel } from '../components/page.js';
import { failed, Failed } from '../components/page-error.js';
import { PageLoading } from '../components/page-loading.js';
import { ProblemNote } from '../components/problem-note.js';
import { Status } from '../components/status.js';
import { CursorTable } from '../components/table.js';
import { formatNumber, Time } from '../components/time.js';
import { toast } from '../components/toasts.js';
import { useRemoval } from '../components/use-removal.js';
import { useAddress, useId } from '../shell/address.js';
import { ReplaySpan } from './webhooks/replay-span.js';
import { WebhookState } from './webhooks/webhook-state.js';

const states = { pending: ['busy', 'Waits'], delivered: ['good', 'Taken'], failed: ['bad', 'Given up'] } as const;

/** One webhook, and what became of what was sent. */
export function WebhookPage() {
  const [projectId, webhookId] = [useId('projectId'), useId('webhookId')];
  const path = `${webhooksPath(projectId)}/${webhookId}`;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const removal = useRemoval([webhooksPath(projectId), webhookId], [`${webhooksPath(projectId)}/${webhookId}/deliveries`]);
  const found = useQuery({ ...webhookQuery(projectId, webhookId), enabled: !removal.isGoing });
  const [removes, setRemoves] = useState(false);
  const refresh = () => queries.invalidateQueries({ queryKey: [webhooksPath(projectId)] });
  const test = useMutation({ mutationFn: () => api.post<WebhookTest>(`${path}/test`) });
  const enable = useMutation({ mutationFn: (enabled: boolean) => api.patch(path, { body: { enabled } }), onSuccess: refresh, onError: toast.failed });
  const rotate = useMutation({ mutationFn: () => api.post<{ secret: string }>(`${path}/rotate-secret`), onSuccess: refresh, onError: toast.failed });
  if (failed(found)) return <Failed error={found.error} again={() => void found.refetch()} />;
  if (found.data === undefined) return <PageLoading />;
  const { url, description, types, enabled, pending = 0, previous_secret_until } = found.data;
  return (
    <div>
      <PageHead
        title={description ?? 'Webhook'}
        about={description === null ? undefined : url}
        above={
          <Link to="/projects/$projectId/webhooks" params={{ projectId }}>
            <Icon name="back" size={15} /> Webhooks
          </Link>
        }
        actions={
          <>
            <Button loading={test.isPending} onClick={() => test.mutate()}>
              Send a test
            </Button>
            <Button variant="default" loading={enable.isPending} onClick={() => enable.mutate(!enabled)}>
              {enabled ? 'Disable' : 'Enable'}
            </Button>
            <Button variant="default" loading={rotate.isPending} onClick={() => rotate.mutate()}>
              New secret
            </Button>
            <Button variant="subtle" color="red" onClick={() => setRemoves(true)}>
              Remove
            </Button>
          </>
        }
      />
      <div aria-live="polite">
        {test.isSuccess && (
          <Alert mb="md" color={test.data.delivered ? 'green' : 'red'} variant="light">
            {test.data.delivered ? `It took the test event, with status ${test.data.response_status ?? ''}.` : `It did not take the test event: ${test.data.error ?? `status ${test.data.response_status ?? ''}`}.`}
          </Alert>
        )}
        <ProblemNote error={test.error} />
      </div>
      <Panel>
        <Facts
          facts={[
            ['State', <WebhookState key="state" webhook={found.data} />],
            ['Address', url],
            ['Events', types?.join(', ') ?? 'All'],
            ['Waiting', formatNumber(pending)],
            ...(previous_secret_until === null ? [] : [['Old secret signs until', <Time key="until" at={previous_secret_until} />] as const]),
          ]}
        />
      </Panel>
      <Deliveries path={path} isGoing={removal.isGoing} />
      <Dialog opened={rotate.isSuccess} onClose={() => rotate.reset()} title="Keep this now" closeOnClickOutside={false}>
        <p>For a day, both secrets sign. This one is shown once:</p>
        <CopyText text={rotate.data?.secret ?? ''} />
      </Dialog>
      <Confirm
        opened={removes}
        onClose={() => setRemoves(false)}
        title="Remove this webhook?"
        label="Remove it"
        act={async () => {
          await removal.remove(
            () => api.delete(path),
            () => navigate({ to: '/projects/$projectId/webhooks', params: { projectId } }),
          );
          void refresh();
        }}
      >
        <p>Nothing is sent there any more, and the log of its deliveries goes.</p>
      </Confirm>
    </div>
  );
}

function Deliveries({ path, isGoing }: { path: string; isGoing: boolean }) {
  const queries = useQueryClient();
  const [{ state }, change] = useAddress<'state'>();
  const list = useInfiniteQuery({ ...cursorList<Delivery>(`${path}/deliveries`, 'deliveries', { state }), refetchInterval: every(5_000), enabled: !isGoing });
  const [asks, setAsks] = useState(false);
  const refresh = () => queries.invalidateQueries({ queryKey: [`${path}/deliveries`] });
  const replay = useMutation({
    mutationFn: ({ delivery_id }: Delivery) => api.post(`${path}/deliveries/${delivery_id}/replay`),
    onSuccess: async () => {
      await refresh();
      toast.done('It is sent again.');
    },
    onError: toast.failed,
  });
  return (
    <Panel
      flush
      title="Deliveries"
      actions={
        <>
          <Button size="xs" variant="default" onClick={() => setAsks(true)}>
            Send a time again
          </Button>
          <SegmentedControl
            size="xs"
            aria-label="State"
            value={state ?? 'all'}
            onChange={(next) => change({ state: next === 'all' ? undefined : next })}
            data={[
              { value: 'all', label: 'All' },
              { value: 'pending', label: 'Waiting' },
              { value: 'failed', label: 'Given up' },
            ]}
          />
        </>
      }
    >
      {asks && <ReplaySpan path={path} onClose={() => setAsks(false)} onQueued={() => void refresh()} />}
      <CursorTable
        label="Deliveries"
        list={list}
        idOf={({ delivery_id }) => delivery_id}
        empty={
          <Empty icon="webhook" title="Nothing was sent yet">
            <p>What happens from now on is sent within a second or two.</p>
          </Empty>
        }
        columns={[
          { title: 'Event', role: 'main', cell: ({ type, event_id }) => <strong title={event_id}>{type}</strong> },
          { title: 'State', cell: ({ state: now }) => <Status tone={states[now][0]}>{states[now][1]}</Status> },
          { title: 'Answer', cell: ({ response_status, error, attempts }) => <>{response_status ?? error ?? '–'} <span className="muted">{attempts > 1 ? `${attempts} attempts` : ''}</span></> },
          { title: 'When', cell: ({ created_at }) => <Time at={created_at} /> },
          {
            title: 'Actions',
            role: 'actions',
            cell: (delivery) => (
              <Button size="compact-xs" variant="subtle" onClick={() => replay.mutate(delivery)} aria-label={`Send again: ${delivery.type}`}>
                Send again
              </Button>
            ),
          },
        ]}
      />
    </Panel>
  );
}
