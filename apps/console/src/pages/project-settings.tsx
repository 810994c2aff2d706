import { Button, Checkbox, MultiSelect, NumberInput, TagsInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/http.js';
import { projects as projectsQuery } from '../api/queries.js';
import type { Project, ProjectChanges } from '../api/types.js';
import { Confirm } from '../components/confirm.js';
import { CopyText } from '../components/copy-text.js';
import { Facts } from '../components/facts.js';
import { PageHead, Panel } from '../components/page.js';
import { failed, Failed } from '../components/page-error.js';
import { PageLoading } from '../components/page-loading.js';
import { fieldError, ProblemNote } from '../components/problem-note.js';
import { submitting } from '../components/submitting.js';
import { toast } from '../components/toasts.js';
import { useId } from '../shell/address.js';
import { useMay } from '../shell/scope.js';
import { TeamChoice } from './places/place-form.js';
import classes from './places/places.module.css';

const services = [
  { value: 'environment', label: 'Environment: /users with client credentials' },
  { value: 'engagement', label: 'Engagement: /v1/users with engagement keys' },
  { value: 'project', label: 'Project: logins and /{project}/users' },
];

/** What a project is called, what holds in it, and its end. */
export function ProjectSettingsPage() {
  const projectId = useId('projectId');
  const found = useQuery({ queryKey: ['project', projectId], queryFn: ({ signal }) => api.get<Project>(`/v1/admin/projects/${projectId}`, { signal }) });
  const may = useMay({ project_id: projectId });
  if (failed(found)) return <Failed error={found.error} again={() => void found.refetch()} />;
  if (found.data === undefined) return <PageLoading />;
  const project = found.data;
  return (
    <div>
      <PageHead title="Settings" about={`Of ${project.name}.`} />
      <Panel title="For your code">
        <Facts
          facts={[
            ['Project id', <CopyText key="id" text={project.project_id} />],
            ['Short name', <CopyText key="slug" text={project.slug} />],
          ]}
        />
      </Panel>
      <Editor project={project} mayChange={may('project:write')} mayMove={may('project:delete')} />
      {may('project:delete') && <Deleting project={project} />}
    </div>
  );
}

interface Typed {
  name?: string;
  slug?: string;
  team?: string | undefined;
}

function Editor({ project, mayChange, mayMove }: { project: Project; mayChange: boolean; mayMove: boolean }) {
  const queries = useQueryClient();
  // What was typed and is not saved yet. All else is as the project is: that is loaded anew, and somebody else may save it.
  const [typed, setTyped] = useState<Typed>({});
  const [typedSettings, setTypedSettings] = useState<Partial<Project['settings']>>({});
  const { name, slug, team } = { name: project.name, slug: project.slug, team: project.team_id ?? undefined, ...typed };
  const set = { ...project.settings, ...typedSettings };
  const type = (changes: Typed) => setTyped((now) => ({ ...now, ...changes }));
  const change = (changes: Partial<Project['settings']>) => setTypedSettings((now) => ({ ...now, ...changes }));
  const isChanged = Object.keys(typed).length + Object.keys(typedSettings).length > 0;
  const save = useMutation({
    mutationFn: () => {
      // What is left empty goes back to what holds without it.
      const settings: ProjectChanges['settings'] = {
        rate_limit: set.rate_limit ?? null,
        allowed_services: set.allowed_services?.length ? set.allowed_services : null,
        allowed_origins: set.allowed_origins?.length ? set.allowed_origins : null,
        event_retention_days: set.event_retention_days ?? null,
        force_password_change: set.force_password_change === true ? true : null,
        mail_link_base: set.mail_link_base === undefined || set.mail_link_base.trim() === '' ? null : set.mail_link_base.trim(),
      };
      const body: ProjectChanges = {
        ...(typed.name === undefined ? {} : { name: name.trim() }),
        ...(slug === project.slug ? {} : { slug }),
        ...(team === (project.team_id ?? undefined) ? {} : { team_id: team ?? '' }),
        settings: Object.fromEntries(Object.entries(settings).filter(([setting]) => setting in typedSettings)),
      };
      return api.patch<Project>(`/v1/admin/projects/${project.project_id}`, { body });
    },
    onSuccess: async (saved) => {
      queries.setQueryData(['project', project.project_id], saved);
      setTyped({});
      setTypedSettings({});
      await queries.invalidateQueries({ queryKey: projectsQuery.queryKey });
      toast.done('The project is saved.');
    },
  });
  // What can't be is refused, and says so: made the nearest that can, a 0 for "never" would be one day.
  const wholeNumber = { allowDecimal: false, allowNegative: false, hideControls: true, clampBehavior: 'none' } as const;
  const numberOf = (value: string | number) => (value === '' ? undefined : Number(value));
  return (
    <Panel title="What holds here">
      <form className={classes.form} onSubmit={submitting(() => save.mutate())}>
        <ProblemNote error={save.error} />
        <TextInput label="Name" required withAsterisk={false} disabled={!mayChange} value={name} onChange={(event) => type({ name: event.currentTarget.value })} error={fieldError(save.error, 'name')} />
        <TextInput label="Short name" description="Stands in addresses of the API; what calls by the old one finds nothing any more" required withAsterisk={false} disabled={!mayChange} value={slug} onChange={(event) => type({ slug: event.currentTarget.value })} error={fieldError(save.error, 'slug')} />
        <TeamChoice orgId={project.org_id} value={team} onChange={(next) => type({ team: next })} disabled={!mayMove} />
        <NumberInput label="Requests a minute" description="Of all callers together. Empty: no limit of its own" {...wholeNumber} thousandSeparator="," disabled={!mayChange} value={set.rate_limit ?? ''} onChange={(value) => change({ rate_limit: numberOf(value) })} error={fieldError(save.error, 'settings.rate_limit')} />
        <MultiSelect label="APIs that answer for it" description="None chosen: all" data={services} disabled={!mayChange} value={set.allowed_services ?? []} onChange={(value) => change({ allowed_services: value as typeof set.allowed_services })} comboboxProps={{ withinPortal: false }} error={fieldError(save.error, 'settings.allowed_services')} />
        <TagsInput label="Web pages that may call it" description="Origins, such as https://app.example.com. None: only servers call it" disabled={!mayChange} value={set.allowed_origins ?? []} onChange={(value) => change({ allowed_origins: value })} comboboxProps={{ withinPortal: false }} error={fieldError(save.error, 'settings.allowed_origins')} />
        <NumberInput label="Days that events are kept" description="Empty: for ever. Older ones are deleted within a day" {...wholeNumber} disabled={!mayChange} value={set.event_retention_days ?? ''} onChange={(value) => change({ event_retention_days: numberOf(value) })} error={fieldError(save.error, 'settings.event_retention_days')} />
        <TextInput label="Where links in mails lead" description="Your application’s pages for new passwords and confirmed addresses. Empty: where the deployment says" type="url" placeholder="https://app.example.com/auth" disabled={!mayChange} value={set.mail_link_base ?? ''} onChange={(event) => change({ mail_link_base: event.currentTarget.value })} error={fieldError(save.error, 'settings.mail_link_base')} />
        <Checkbox label="A password that an administrator set must be changed at the next login" disabled={!mayChange} checked={set.force_password_change ?? false} onChange={(event) => change({ force_password_change: event.currentTarget.checked })} />
        {mayChange && (
          <div>
            <Button type="submit" loading={save.isPending} disabled={!isChanged || name.trim() === '' || slug === ''}>
              Save
            </Button>
          </div>
        )}
      </form>
    </Panel>
  );
}

function Deleting({ project: { project_id, org_id, name, slug } }: { project: Project }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [asks, setAsks] = useState(false);
  const [erases, setErases] = useState(false);
  return (
    <Panel title="Delete the project" about="Nobody comes in from then on, and its short name is free again.">
      <Button variant="default" c="var(--rc-bad)" onClick={() => setAsks(true)}>
        Delete …
      </Button>
      <Confirm
        opened={asks}
        onClose={() => (setAsks(false), setErases(false))}
        title={`Delete ${name}?`}
        label="Delete the project"
        typed={slug}
        act={async () => {
          await api.delete(`/v1/admin/projects/${project_id}`, { query: { users: erases ? 'erase' : undefined } });
          await navigate({ to: '/orgs/$orgId', params: { orgId: org_id } });
          queries.removeQueries({ predicate: ({ queryKey }) => queryKey.includes(project_id) });
          await queries.invalidateQueries({ queryKey: projectsQuery.queryKey });
          toast.done(`${name} is deleted.`);
        }}
      >
        <p>
          Its keys, clients and sessions end within a second; its segments, lists, fields and webhooks go. <strong>Nothing brings it back.</strong>
        </p>
        <Checkbox label="Erase its users with it" description="Each with a receipt. Without this, a project that has users is not deleted." checked={erases} onChange={(event) => setErases(event.currentTarget.checked)} />
      </Confirm>
    </Panel>
  );
}
