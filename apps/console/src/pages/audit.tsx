import { Button, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { every } from '../api/every.js';
import { download } from '../api/http.js';
import { cursorList } from '../api/queries.js';
import type { AuditEntry } from '../api/types.js';
import { Empty } from '../components/empty.js';
import { Icon } from '../components/icon.js';
import { PageHead, Panel } from '../components/page.js';
import { CursorTable } from '../components/table.js';
import { Time } from '../components/time.js';
import { toast } from '../components/toasts.js';
import { useAddress, useId } from '../shell/address.js';
import classes from './audit.module.css';

const actors = { user: 'Person', credential: 'Key', system: 'Rollcall' } as const;
const filters = [
  ['action', 'Action', 'api-key.*'],
  ['actor', 'Who (id)', ''],
  ['target', 'To whom or what (id)', ''],
] as const;

export const ProjectAuditPage = () => <Audit base={`/v1/admin/projects/${useId('projectId')}/audit`} about="What was done in this project, by whom and from where." />;
export const OrganisationAuditPage = () => <Audit base={`/v1/admin/orgs/${useId('orgId')}/audit`} about="What was done in the organisation and its projects." />;
export const DeploymentAuditPage = () => <Audit base="/v1/admin/audit" about="What was done anywhere in the deployment." />;

/** The trail names fields that changed, never their values. */
function Audit({ base, about }: { base: string; about: string }) {
  const [search, change] = useAddress<'action' | 'actor' | 'target'>();
  const query = { action: search.action, actor: search.actor, target: search.target };
  const list = useInfiniteQuery({ ...cursorList<AuditEntry>(base, 'entries', query), refetchInterval: every(15_000) });
  return (
    <div>
      <PageHead
        title="Audit trail"
        about={about}
        actions={
          <Button variant="default" leftSection={<Icon name="download" size={16} />} onClick={() => void download(`${base}/export`, 'audit.ndjson', query).catch(toast.failed)}>
            Download
          </Button>
        }
      />
      <div className={classes.filters}>
        {filters.map(([name, label, example]) => (
          <Filter key={name} label={label} example={example} value={search[name] ?? ''} onChange={(value) => change({ [name]: value === '' ? undefined : value })} />
        ))}
      </div>
      <Panel flush>
        <CursorTable
          label="Audit trail"
          list={list}
          idOf={({ audit_id }) => audit_id}
          empty={
            <Empty icon="book" title="Nothing of that kind was done">
              <p>What administrators do leaves an entry within seconds: roles given, keys made, accounts closed, users erased.</p>
            </Empty>
          }
          columns={[
            { title: 'When', cell: ({ occurred_at }) => <Time at={occurred_at} /> },
            { title: 'What', role: 'main', cell: ({ action, before, after }) => <><strong>{action}</strong> <Fields before={before} after={after} /></> },
            { title: 'To', cell: ({ target }) => <>{target.type} <code title={target.id}>{short(target.id)}</code></> },
            { title: 'By', cell: ({ actor }) => <>{actors[actor.type]} <code title={actor.id}>{short(actor.id)}</code></> },
            { title: 'From', cell: ({ address, surface, request_id }) => <span title={`Request ${request_id}`}>{address === null ? <span className="muted">–</span> : <code>{address}</code>} {surface !== null && <span className="muted">{surface}</span>}</span> },
          ]}
        />
      </Panel>
    </div>
  );
}

function Fields({ before, after }: { before: string[]; after: string[] }) {
  const fields = [...new Set([...before, ...after])];
  return fields.length === 0 ? null : <span className="muted">{fields.join(', ')}</span>;
}

function Filter({ label, example, value, onChange }: { label: string; example: string; value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value);
  const tell = useDebouncedCallback((next: string) => onChange(next.trim()), 300);
  useEffect(() => setText((now) => (now.trim() === value ? now : value)), [value]);
  return (
    <TextInput
      aria-label={label}
      placeholder={example === '' ? label : `${label}, such as ${example}`}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
    />
  );
}

function short(id: string): string {
  return id.length > 16 ? `…${id.slice(-12)}` : id;
}
