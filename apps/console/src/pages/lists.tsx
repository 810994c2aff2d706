import { Button, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/http.js';
import { cursorList } from '../api/queries.js';
import type { List } from '../api/types.js';
import { Confirm } from '../components/confirm.js';
import confirm from '../components/confirm.module.css';
import { CopyText } from '../components/copy-text.js';
import { Dialog } from '../components/dialog.js';
import { Empty } from '../components/empty.js';
import { Icon } from '../components/icon.js';
import { PageHead, Panel } from '../components/page.js';
import { fieldError, ProblemNote } from '../components/problem-note.js';
import { submitting } from '../components/submitting.js';
import { CursorTable } from '../components/table.js';
import { Time } from '../components/time.js';
import { toast } from '../components/toasts.js';
import { useId } from '../shell/address.js';
import { useMay } from '../shell/scope.js';

/** What users subscribe to. */
export function ListsPage() {
  const projectId = useId('projectId');
  const queries = useQueryClient();
  const may = useMay({ project_id: projectId });
  const path = `/v1/admin/projects/${projectId}/lists`;
  const list = useInfiniteQuery(cursorList<List>(path, 'lists'));
  const [edited, setEdited] = useState<List | 'new'>();
  const [removed, setRemoved] = useState<List>();
  const refresh = async () => {
    await queries.invalidateQueries({ queryKey: [path] });
    void queries.invalidateQueries({ queryKey: ['names', projectId, 'lists'] });
  };
  const make = may('segments:write') && (
    <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setEdited('new')}>
      New list
    </Button>
  );
  return (
    <div>
      <PageHead title="Lists" about="What users subscribe to and leave, such as a newsletter. Your app does that by the API, with the list’s id." actions={make} />
      <Panel flush>
        <CursorTable
          label="Lists"
          list={list}
          idOf={({ list_id }) => list_id}
          empty={
            <Empty icon="list" title="No lists yet">
              <p>Make a list, and have your app subscribe users to it by its id.</p>
              {make}
            </Empty>
          }
          columns={[
            { title: 'Name', role: 'main', cell: ({ name }) => <strong>{name}</strong> },
            { title: 'Id', cell: ({ list_id }) => <CopyText text={list_id} /> },
            { title: 'Made', cell: ({ created_at }) => <Time at={created_at} /> },
            {
              title: 'Actions',
              role: 'actions',
              cell: (each) =>
                may('segments:write') && (
                  <>
                    <Button size="compact-xs" variant="subtle" onClick={() => setEdited(each)} aria-label={`Rename ${each.name}`}>
                      Rename
                    </Button>
                    <Button size="compact-xs" variant="subtle" color="red" onClick={() => setRemoved(each)} aria-label={`Remove ${each.name}`}>
                      Remove
                    </Button>
                  </>
                ),
            },
          ]}
        />
      </Panel>
      {edited !== undefined && <NameList path={path} list={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} done={refresh} />}
      <Confirm
        opened={removed !== undefined}
        onClose={() => setRemoved(undefined)}
        title={`Remove ${removed?.name ?? ''}?`}
        label="Remove the list"
        act={async () => {
          await api.delete(`${path}/${removed?.list_id ?? ''}`);
          await refresh();
          toast.done('The list is removed.');
        }}
      >
        <p>Every subscription to it goes. The users stay.</p>
      </Confirm>
    </div>
  );
}

function NameList({ path, list, onClose, done }: { path: string; list: List | undefined; onClose: () => void; done: () => Promise<void> }) {
  const [name, setName] = useState(list?.name ?? '');
  const save = useMutation({
    mutationFn: () => (list === undefined ? api.post(path, { body: { name: name.trim() } }) : api.patch(`${path}/${list.list_id}`, { body: { name: name.trim() } })),
    onSuccess: async () => {
      await done();
      toast.done('The list is saved.');
      onClose();
    },
  });
  return (
    <Dialog onClose={onClose} title={list === undefined ? 'New list' : 'Rename the list'}>
      <form className={confirm.form} onSubmit={submitting(() => save.mutate())}>
        <ProblemNote error={save.error} />
        <TextInput label="Name" required withAsterisk={false} data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} error={fieldError(save.error, 'name')} />
        <div className={confirm.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending} disabled={name.trim() === ''}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
