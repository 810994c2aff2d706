import { Button, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/http.js';
import { customFields } from '../api/segments.js';
import type { CustomField } from '../api/types.js';
import { Confirm } from '../components/confirm.js';
import confirm from '../components/confirm.module.css';
import { Dialog } from '../components/dialog.js';
import { Empty } from '../components/empty.js';
import { Icon } from '../components/icon.js';
import { PageHead, Panel } from '../components/page.js';
import { failed, Failed } from '../components/page-error.js';
import { PageLoading } from '../components/page-loading.js';
import { fieldError, ProblemNote } from '../components/problem-note.js';
import { submitting } from '../components/submitting.js';
import { Table } from '../components/table.js';
import { toast } from '../components/toasts.js';
import { useId } from '../shell/address.js';
import { useMay } from '../shell/scope.js';

const types = [
  { value: 'text', label: 'Text' },
  { value: 'number', label: 'Number' },
  { value: 'boolean', label: 'Yes or no' },
  { value: 'date', label: 'Date or time' },
  { value: 'user', label: 'Another user' },
];

/** The custom fields of users: their types hold on every surface. */
export function FieldsPage() {
  const projectId = useId('projectId');
  const queries = useQueryClient();
  const may = useMay({ project_id: projectId });
  const fields = useQuery(customFields(projectId));
  const [edited, setEdited] = useState<CustomField | 'new'>();
  const [removed, setRemoved] = useState<CustomField>();
  const base = `/v1/admin/projects/${projectId}/custom-fields`;
  const refresh = () => queries.invalidateQueries({ queryKey: ['custom-fields', projectId] });
  if (failed(fields)) return <Failed error={fields.error} again={() => void fields.refetch()} />;
  if (fields.data === undefined) return <PageLoading />;
  const mayChange = may('project:administer');
  const make = mayChange && (
    <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setEdited('new')}>
      New field
    </Button>
  );
  return (
    <div>
      <PageHead title="Custom fields" about="What you keep of users besides the standard fields. A field’s type holds for every write, by whichever API." actions={make} />
      <Panel flush>
        {fields.data.length === 0 ? (
          <Empty icon="columns" title="No custom fields yet">
            <p>Attributes that your app sends are kept without being declared. Declare one to give it a type, so that a wrong value is refused.</p>
            {make}
          </Empty>
        ) : (
          <Table
            label="Custom fields"
            items={fields.data}
            idOf={({ name }) => name}
            columns={[
              { title: 'Field', role: 'main', cell: ({ name, label }) => (label === name ? <code>{name}</code> : <><strong>{label}</strong> <code className="muted">{name}</code></>) },
              { title: 'Type', cell: ({ type }) => types.find(({ value }) => value === type)?.label ?? type },
              {
                title: 'Actions',
                role: 'actions',
                cell: (field) =>
                  mayChange && (
                    <>
                      <Button size="compact-xs" variant="subtle" onClick={() => setEdited(field)} aria-label={`Change ${field.name}`}>
                        Change
                      </Button>
                      <Button size="compact-xs" variant="subtle" color="red" onClick={() => setRemoved(field)} aria-label={`Remove ${field.name}`}>
                        Remove
                      </Button>
                    </>
                  ),
              },
            ]}
          />
        )}
      </Panel>
      {edited !== undefined && <EditField base={base} field={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} done={refresh} />}
      <Confirm
        opened={removed !== undefined}
        onClose={() => setRemoved(undefined)}
        title={`Remove ${removed?.name ?? ''}?`}
        label="Remove the field"
        typed={removed?.name}
        act={async () => {
          await api.delete(`${base}/${encodeURIComponent(removed?.name ?? '')}`);
          await refresh();
          toast.done('The field and its values are gone.');
        }}
      >
        <p>
          Its value is taken from every user of the project. <strong>Nothing brings the values back</strong>, not even a new field of the same name.
        </p>
      </Confirm>
    </div>
  );
}

function EditField({ base, field, onClose, done }: { base: string; field: CustomField | undefined; onClose: () => void; done: () => Promise<void> }) {
  const [name, setName] = useState(field?.name ?? '');
  const [label, setLabel] = useState(field?.label ?? '');
  const [type, setType] = useState<string>(field?.type ?? 'text');
  const save = useMutation({
    mutationFn: () => api.put(base, { body: { fields: [{ name: name.trim(), type, ...(label.trim() === '' ? {} : { label: label.trim() }) }] } }),
    onSuccess: async () => {
      await done();
      toast.done('The field is saved.');
      onClose();
    },
  });
  return (
    <Dialog onClose={onClose} title={field === undefined ? 'New field' : `Change ${field.name}`}>
      <form className={confirm.form} onSubmit={submitting(() => save.mutate())}>
        <ProblemNote error={save.error} />
        <TextInput label="Name" description="As your app sends it, such as plan" required withAsterisk={false} data-autofocus disabled={field !== undefined} value={name} onChange={(event) => setName(event.currentTarget.value)} error={fieldError(save.error, 'fields[0].name')} />
        <TextInput label="Label" description="As people read it" value={label} onChange={(event) => setLabel(event.currentTarget.value)} error={fieldError(save.error, 'fields[0].label')} />
        <Select label="Type" data={types} value={type} error={fieldError(save.error, 'fields[0].type')} onChange={(next) => setType(next ?? 'text')} allowDeselect={false} comboboxProps={{ withinPortal: false }} description={field === undefined ? undefined : 'Values that can be read as the new type take its form; if some can’t, nothing is changed.'} />
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
