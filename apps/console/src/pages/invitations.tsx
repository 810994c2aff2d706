import { Button, SegmentedControl } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { every } from '../api/every.js';
import { api } from '../api/http.js';
import { cursorList } from '../api/queries.js';
import type { Invitation } from '../api/types.js';
import { Empty } from '../components/empty.js';
import { PageHead, Panel } from '../components/page.js';
import { Status, type Tone } from '../components/status.js';
import { CursorTable } from '../components/table.js';
import { Time } from '../components/time.js';
import { toast } from '../components/toasts.js';
import { useAddress, useId } from '../shell/address.js';
import { useMay, useScope } from '../shell/scope.js';
import { InviteButton } from './members/invite.js';
import { roleLabel } from './members/place.js';

const states: Readonly<Record<Invitation['status'], readonly [Tone, string]>> = { pending: ['warn', 'Awaits an answer'], accepted: ['good', 'Accepted'], expired: ['calm', 'Expired'], cancelled: ['calm', 'Taken back'] };
const mails: Readonly<Record<string, readonly [Tone, string]>> = { queued: ['busy', 'On its way'], sending: ['busy', 'On its way'], sent: ['good', 'Delivered to the mail server'], failed: ['bad', 'Could not be sent'], bounced: ['bad', 'Came back'] };

/** Its mail may have left by the next look. */
const isOnItsWay = ({ status, email_status }: Invitation) => status === 'pending' && (email_status === null || email_status === 'queued');

/** Who was asked to join, and what became of the mail. */
export function InvitationsPage() {
  const orgId = useId('orgId');
  const { organisation, projects } = useScope();
  const may = useMay({ org_id: orgId });
  const [{ status = 'pending' }, change] = useAddress<'status'>();
  const list = useInfiniteQuery({ ...cursorList<Invitation>('/v1/admin/invitations', 'invitations', { org_id: orgId, status: status === 'all' ? undefined : status }), refetchInterval: (query) => every(query.state.data?.pages.some(({ items }) => items.some(isOnItsWay)) === true ? 1_500 : 15_000)(query) });
  const placeOf = ({ team_id, project_id }: Invitation) => (project_id !== null ? (projects.find((project) => project.project_id === project_id)?.name ?? 'A project') : team_id !== null ? 'A team' : (organisation?.name ?? 'The organisation'));
  return (
    <div>
      <PageHead title="Invitations" about="Into the organisation, its teams and its projects. A link works for a week; sending again makes a new one." actions={may('org:administer') && <InviteButton place={{ level: 'organisation', id: orgId, name: organisation?.name ?? 'the organisation' }} />} />
      <Panel
        flush
        actions={
          <SegmentedControl
            size="xs"
            aria-label="Status"
            value={status}
            onChange={(next) => change({ status: next === 'pending' ? undefined : next })}
            data={[
              { value: 'pending', label: 'Open' },
              { value: 'accepted', label: 'Accepted' },
              { value: 'expired', label: 'Expired' },
              { value: 'all', label: 'All' },
            ]}
          />
        }
      >
        <CursorTable
          label="Invitations"
          list={list}
          idOf={({ invitation_id }) => invitation_id}
          empty={
            <Empty icon="mail" title={status === 'pending' ? 'No open invitations' : 'None of these'}>
              <p>Whom you invite gets a mail with a link, and shows up here until they answer.</p>
            </Empty>
          }
          columns={[
            { title: 'Who', role: 'main', cell: ({ user_email }) => <strong>{user_email}</strong> },
            { title: 'As', cell: (invitation) => `${roleLabel(invitation.role)} of ${placeOf(invitation)}` },
            { title: 'Status', cell: ({ status: now }) => <Status tone={states[now][0]}>{states[now][1]}</Status> },
            { title: 'Mail', cell: ({ email_status }) => <MailState state={email_status} /> },
            { title: 'Until', cell: ({ expires_at, closed_at }) => <Time at={closed_at ?? expires_at} /> },
            { title: 'Actions', role: 'actions', cell: (invitation) => may('org:administer') && <Actions invitation={invitation} /> },
          ]}
        />
      </Panel>
    </div>
  );
}

function MailState({ state }: { state: string | null }) {
  if (state === null) return <span className="muted">–</span>;
  const [tone, text] = mails[state] ?? ['calm', state];
  return <Status tone={tone}>{text}</Status>;
}

function Actions({ invitation: { invitation_id, status, user_email } }: { invitation: Invitation }) {
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: ['/v1/admin/invitations'] });
  const again = useMutation({
    mutationFn: () => api.post(`/v1/admin/invitations/${invitation_id}/resend`),
    onSuccess: async () => {
      await refresh();
      toast.done(`Another mail to ${user_email} is on its way; the link before is void.`);
    },
    onError: toast.failed,
  });
  const cancel = useMutation({
    mutationFn: () => api.delete(`/v1/admin/invitations/${invitation_id}`),
    onSuccess: async () => {
      await refresh();
      toast.done('The invitation is taken back.');
    },
    onError: toast.failed,
  });
  return (
    <>
      {(status === 'pending' || status === 'expired') && (
        <Button size="compact-xs" variant="subtle" loading={again.isPending} onClick={() => again.mutate()} aria-label={`Send again to ${user_email}`}>
          Send again
        </Button>
      )}
      {status === 'pending' && (
        <Button size="compact-xs" variant="subtle" color="red" loading={cancel.isPending} onClick={() => cancel.mutate()} aria-label={`Take back the invitation of ${user_email}`}>
          Take back
        </Button>
      )}
    </>
  );
}
