import { Button, TagsInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/http.js';
import type { Webhook } from '../api/types.js';
import { webhooks as webhooksQuery, webhooksPath, eventTypes } from '../api/webhooks.js';
import confirm from '../components/confirm.module.css';
import { CopyText } from '../components/copy-text.js';
import { Dialog } from '../components/dialog.js';
import { Empty } from '../components/empty.js';
import { Icon } from '../components/icon.js';
import { PageHead, Panel } from '../components/page.js';
import { failed, Failed } from '../components/page-error.js';
import { PageLoading } from '../components/page-loading.js';
import { fieldError, ProblemNote } from '../components/problem-note.js';
import { submitting } from '../components/submitting.js';
import { Table } from '../components/table.js';
import { Time } from '../components/time.js';
import { useId } from '../shell/address.js';
import { WebhookState } from './webhooks/webhook-state.js';

/** Where what happens is sent to. */
export function WebhooksPage() {
  const projectId = useId('projectId');
  const found = useQuery(webhooksQuery(projectId));
  const [makes, setMakes] = useState(false);
  if (failed(found)) return <Failed error={found.error} again={() => void found.refetch()} />;
  if (found.data === undefined) return <PageLoading />;
  const make = (
    <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setMakes(true)}>
      New webhook
    </Button>
  );
  return (
    <div>
      <PageHead title="Webhooks" about="What happens in the project is sent to your addresses, signed, and again until it is taken." actions={make} />
      <Panel flush>
        {found.data.length === 0 ? (
          <Empty icon="webhook" title="No webhooks yet">
            <p>Give an address of yours, and it is told when users come, change, do something or are erased.</p>
            {make}
          </Empty>
        ) : (
          <Table
            label="Webhooks"
            items={found.data}
            idOf={({ webhook_id }) => webhook_id}
            columns={[
              {
                title: 'Address',
                role: 'main',
                cell: ({ webhook_id, url, description }) => (
                  <>
                    <Link to="/projects/$projectId/webhooks/$webhookId" params={{ projectId, webhookId: webhook_id }}>
                      <strong>{description ?? url}</strong>
                    </Link>
                    {description !== null && <div className="muted">{url}</div>}
                  </>
                ),
              },
              { title: 'State', cell: (webhook) => <WebhookState webhook={webhook} /> },
              { title: 'Events', cell: ({ types }) => types?.join(', ') ?? 'All' },
              { title: 'Made', cell: ({ created_at }) => <Time at={created_at} /> },
            ]}
          />
        )}
      </Panel>
      {makes && <MakeWebhook projectId={projectId} onClose={() => setMakes(false)} />}
    </div>
  );
}

function MakeWebhook({ projectId, onClose }: { projectId: string; onClose: () => void }) {
  const queries = useQueryClient();
  const [url, setUrl] = useState('');
  const [description, setDescription] = useState('');
  const [types, setTypes] = useState<string[]>([]);
  const make = useMutation({
    mutationFn: () => api.post<Webhook & { secret: string }>(webhooksPath(projectId), { body: { url: url.trim(), ...(description.trim() === '' ? {} : { description: description.trim() }), ...(types.length === 0 ? {} : { types }) } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [webhooksPath(projectId)] }),
  });
  if (make.isSuccess) {
    return (
      <Dialog onClose={onClose} title="Keep this now" closeOnClickOutside={false}>
        <div className={confirm.form}>
          <p>What is sent is signed with this secret. It is shown this once; you can have another made.</p>
          <CopyText text={make.data.secret} />
          <div className={confirm.buttons}>
            <Button onClick={onClose}>I have kept it</Button>
          </div>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog onClose={onClose} title="New webhook">
      <form className={confirm.form} onSubmit={submitting(() => make.mutate())}>
        <ProblemNote error={make.error} />
        <TextInput label="Address" description="An https:// address in the internet" type="url" required withAsterisk={false} data-autofocus value={url} onChange={(event) => setUrl(event.currentTarget.value)} error={fieldError(make.error, 'url')} />
        <TextInput label="What it is for" value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
        <TagsInput label="Events" description="None: all of them" data={[...eventTypes]} value={types} onChange={setTypes} error={fieldError(make.error, 'types')} comboboxProps={{ withinPortal: false }} />
        <div className={confirm.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={make.isPending}>
            Make it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
