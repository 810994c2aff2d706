import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { every } from '../api/every.js';
import { api } from '../api/http.js';
import type { Erasure } from '../api/types.js';
import { CopyText } from '../components/copy-text.js';
import { Facts } from '../components/facts.js';
import { Icon } from '../components/icon.js';
import { PageHead, Panel } from '../components/page.js';
import { failed, Failed } from '../components/page-error.js';
import { PageLoading } from '../components/page-loading.js';
import { Status, type Tone } from '../components/status.js';
import { formatNumber, formatTime, Time } from '../components/time.js';
import { useId } from '../shell/address.js';
import classes from './user/user.module.css';

const tones: Readonly<Record<string, Tone>> = { scheduled: 'calm', pending: 'calm', running: 'busy', done: 'good', failed: 'bad' };
const words: Readonly<Record<string, string>> = { scheduled: 'Waits', pending: 'Waits', running: 'Under way', done: 'Done', failed: 'Failed' };
const parts: Readonly<Record<string, string>> = { identity: 'Logins, passwords, sessions', profiles: 'Profile, events, devices, lists', membership: 'Roles and memberships', operations: 'Mails, webhooks, jobs, the feed', workers: 'Mails, webhooks, jobs, the feed' };

/** How far an erasure has come, and its receipt. */
export function ErasurePage() {
  const [projectId, jobId] = [useId('projectId'), useId('jobId')];
  const erasure = useQuery({
    queryKey: ['erasure', jobId],
    queryFn: ({ signal }) => api.get<Erasure>(`/v1/admin/erasures/${jobId}`, { signal }),
    refetchInterval: (query) => {
      const { state, removal_receipt: removal } = query.state.data ?? {};
      // The receipt of the removal comes some minutes after all else.
      return state === 'failed' || removal !== undefined ? false : every(state === 'done' ? 30_000 : 1_000)(query);
    },
  });
  const back = (
    <Link to="/projects/$projectId/users" params={{ projectId }}>
      <Icon name="back" size={15} /> Users
    </Link>
  );
  if (failed(erasure)) return <Failed error={erasure.error} again={() => void erasure.refetch()} />;
  if (erasure.data === undefined) return <PageLoading />;
  const { state, users, requested_at, finished_at, services, receipt, removal_receipt: removal } = erasure.data;
  return (
    <div>
      <PageHead title="Erasure" above={back} about={`${formatNumber(users)} ${users === 1 ? 'user is' : 'users are'} gone from every list. What is left of them is removed here.`} />
      <Panel title="How far it is">
        <div aria-live="polite">
          <Facts
            facts={[
              ['State', <Status key="state" tone={tones[state] ?? 'calm'}>{words[state] ?? state}</Status>],
              ['Asked for', <Time key="asked" at={requested_at} />],
              ['Finished', finished_at === null ? 'not yet' : formatTime(finished_at)],
              ['Job', <CopyText key="job" text={jobId} />],
            ]}
          />
        </div>
      </Panel>
      <Panel title="Service by service">
        <ul className={classes.steps}>
          {services.map(({ service, state: own, attempts }) => (
            <li key={service}>
              <span>
                <strong>{service}</strong> <span className="muted">{parts[service]}</span>
              </span>
              <Status tone={tones[own] ?? 'calm'}>{`${words[own] ?? own}${attempts > 1 ? `, ${attempts} attempts` : ''}`}</Status>
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title="Receipt" about="Signed, and part of a chain: it proves what was removed, and names nobody.">
        {receipt === undefined ? <p className="muted">It is written when every service is done.</p> : <Receipt receipt={receipt} name="erasure" />}
      </Panel>
      {receipt !== undefined && (
        <Panel title="Removal from the disk" about="Deleted bytes stay in the files of a database for a while. They are taken out together with those of others, some minutes later.">
          {removal === undefined ? <p className="muted">Not yet. Another receipt says when.</p> : <Receipt receipt={removal} name="removal" />}
        </Panel>
      )}
    </div>
  );
}

function Receipt({ receipt, name }: { receipt: Record<string, unknown>; name: string }) {
  const sequence = String(receipt['sequence'] ?? '');
  const save = () => {
    const url = URL.createObjectURL(new Blob([JSON.stringify(receipt)], { type: 'application/json' }));
    Object.assign(document.createElement('a'), { href: url, download: `${name}-receipt-${sequence}.json` }).click();
    URL.revokeObjectURL(url);
  };
  const removed = sumsOf(receipt);
  return (
    <>
      <Facts
        facts={[
          ['Number', sequence],
          ...removed.map(([what, count]) => [what, formatNumber(count)] as const),
        ]}
      />
      <Button mt="md" variant="default" leftSection={<Icon name="download" size={16} />} onClick={save}>
        Download the receipt
      </Button>
    </>
  );
}

/** Rows that were removed, service by service, as far as the receipt tells them as numbers of tables. */
function sumsOf(receipt: Record<string, unknown>): [string, number][] {
  const services = receipt['services'];
  const entries: [string, unknown][] = Array.isArray(services) ? services.map((each: Record<string, unknown>) => [String(each['service']), each]) : services !== null && typeof services === 'object' ? Object.entries(services) : [];
  return entries.map(([service, told]) => [`Rows of ${service}`, sum(told)]);
}

function sum(value: unknown): number {
  if (value === null || typeof value !== 'object') return 0;
  return Object.entries(value).reduce((total, [key, each]: [string, unknown]) => total + (typeof each === 'number' && !/attempt|version|left/.test(key) ? each : sum(each)), 0);
}
