import { Button, Progress, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { every } from '../api/every.js';
import { api } from '../api/http.js';
import { Problem } from '../api/problem.js';
import { wholeName } from '../api/project-users.js';
import type { Segment, WholeUser } from '../api/types.js';
import { cursorList } from '../api/queries.js';
import { customFields, markedEvents, segment as segmentQuery, segmentsPath } from '../api/segments.js';
import { Face } from '../components/face.js';
import { Confirm } from '../components/confirm.js';
import { Empty } from '../components/empty.js';
import { Icon } from '../components/icon.js';
import { PageHead, Panel } from '../components/page.js';
import { failed, Failed } from '../components/page-error.js';
import { PageLoading } from '../components/page-loading.js';
import { fieldError, ProblemNote } from '../components/problem-note.js';
import { submitting } from '../components/submitting.js';
import { CursorTable } from '../components/table.js';
import { formatNumber, Time } from '../components/time.js';
import { toast } from '../components/toasts.js';
import { useRemoval } from '../components/use-removal.js';
import { useId } from '../shell/address.js';
import { useMay } from '../shell/scope.js';
import members from './members/members.module.css';
import { LiveCount } from './segments/live-count.js';
import { draftOf, RuleBuilder, ruleOf, type Draft } from './segments/rule-builder.js';
import { isComplete, isSameRule } from './segments/rule-model.js';
import { SegmentState } from './segments/segment-state.js';
import classes from './segments/segments.module.css';

function Back() {
  return (
    <Link to="/projects/$projectId/segments" params={{ projectId: useId('projectId') }}>
      <Icon name="back" size={15} /> Segments
    </Link>
  );
}

export function NewSegmentPage() {
  const projectId = useId('projectId');
  const navigate = useNavigate();
  const queries = useQueryClient();
  return (
    <div>
      <PageHead title="New segment" above={<Back />} />
      <Editor
        projectId={projectId}
        label="Make the segment"
        save={async (body) => {
          const made = await api.post<Segment>(segmentsPath(projectId), { body });
          await queries.invalidateQueries({ queryKey: [segmentsPath(projectId)] });
          toast.done(`${made.name} is made; its members are being found.`);
          await navigate({ to: '/projects/$projectId/segments/$segmentId', params: { projectId, segmentId: made.segment_id } });
        }}
      />
    </div>
  );
}

export function SegmentPage() {
  const [projectId, segmentId] = [useId('projectId'), useId('segmentId')];
  const queries = useQueryClient();
  const navigate = useNavigate();
  const may = useMay({ project_id: projectId });
  const removal = useRemoval([segmentsPath(projectId), segmentId], [`${segmentsPath(projectId)}/${segmentId}/members`]);
  const found = useQuery({ ...segmentQuery(projectId, segmentId), enabled: !removal.isGoing });
  const [removes, setRemoves] = useState(false);
  if (failed(found)) return <Failed error={found.error} again={() => void found.refetch()} />;
  if (found.data === undefined) return <PageLoading />;
  const { name, rule, state, progress, members: many = 0 } = found.data;
  return (
    <div>
      <PageHead
        title={name}
        above={<Back />}
        about={`${formatNumber(many)} ${many === 1 ? 'user is' : 'users are'} in it.`}
        actions={
          <>
            <SegmentState segment={found.data} />
            {may('segments:write') && (
              <Button variant="default" onClick={() => setRemoves(true)}>
                Remove
              </Button>
            )}
          </>
        }
      />
      {state === 'computing' && <Progress value={progress.total === 0 ? 5 : (progress.evaluated / progress.total) * 100} mb="md" animated aria-label="Users looked at" />}
      {may('segments:write') ? (
        <Editor
          key={segmentId}
          projectId={projectId}
          segment={{ name, rule }}
          label="Save the changes"
          save={async (body) => {
            await api.patch(`${segmentsPath(projectId)}/${segmentId}`, { body });
            await queries.invalidateQueries({ queryKey: [segmentsPath(projectId)] });
            toast.done('The segment is saved.');
          }}
        />
      ) : (
        <Panel title="Rule">
          <pre className={classes.json}>{JSON.stringify(rule, null, 2)}</pre>
        </Panel>
      )}
      <Members projectId={projectId} segmentId={segmentId} many={many} isGoing={removal.isGoing} />
      <Confirm
        opened={removes}
        onClose={() => setRemoves(false)}
        title={`Remove ${name}?`}
        label="Remove the segment"
        act={async () => {
          await removal.remove(
            () => api.delete(`${segmentsPath(projectId)}/${segmentId}`),
            () => navigate({ to: '/projects/$projectId/segments', params: { projectId } }),
          );
          void queries.invalidateQueries({ queryKey: [segmentsPath(projectId)] });
          toast.done(`${name} is removed.`);
        }}
      >
        <p>The rule and the record of its members go; the users stay. What your app sends to this segment finds nobody any more.</p>
      </Confirm>
    </div>
  );
}

const firstDraft: Draft = { kind: 'rows', model: { match: 'all', conditions: [{ kind: 'field', field: 'attributes.', operator: 'eq', value: '' }] } };

interface EditorProps {
  projectId: string;
  segment?: { name: string; rule: unknown };
  label: string;
  /** What is as it was is left out. */
  save: (body: { name?: string; rule?: unknown }) => Promise<void>;
}

function Editor({ projectId, segment, label, save }: EditorProps) {
  // What was typed and is not saved yet. All else is as the segment is: that is loaded anew, and somebody else may save it.
  const [typed, setTyped] = useState<{ name?: string; draft?: Draft }>({});
  const stored = useMemo(() => (segment === undefined ? firstDraft : draftOf(segment.rule)), [segment?.rule]);
  const { name, draft } = { name: segment?.name ?? '', draft: stored, ...typed };
  const type = (changes: typeof typed) => setTyped((now) => ({ ...now, ...changes }));
  const { data: fields = [] } = useQuery(customFields(projectId));
  const { data: events = [] } = useQuery(markedEvents(projectId));
  const rule = draft.kind === 'rows' && !isComplete(draft.model) ? undefined : ruleOf(draft);
  const nameIsChanged = name.trim() !== segment?.name;
  const ruleIsChanged = segment === undefined || !(isSameRule(rule, segment.rule) || isSameRule(rule, ruleOf(stored)));
  const run = useMutation({
    mutationFn: () => save({ ...(nameIsChanged ? { name: name.trim() } : {}), ...(ruleIsChanged ? { rule } : {}) }),
    onSuccess: () => setTyped({}),
  });
  return (
    <Panel>
      <form className={classes.form} onSubmit={submitting(() => run.mutate())}>
        <ProblemNote error={run.error} />
        {run.error instanceof Problem && run.error.details.length > 1 && (
          <ul>
            {run.error.details.map(({ path, message }) => (
              <li key={path}>
                <code>{path}</code> {message}
              </li>
            ))}
          </ul>
        )}
        <TextInput label="Name" required withAsterisk={false} maw={440} value={name} onChange={(event) => type({ name: event.currentTarget.value })} error={fieldError(run.error, 'name')} />
        <RuleBuilder draft={draft} onChange={(next) => type({ draft: next })} attributes={fields.map((field) => field.name)} events={events} />
        <LiveCount projectId={projectId} rule={rule} />
        <div className={classes.buttons}>
          <Button type="submit" loading={run.isPending} disabled={rule === undefined || name.trim() === '' || !(nameIsChanged || ruleIsChanged)}>
            {label}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

function Members({ projectId, segmentId, many, isGoing }: { projectId: string; segmentId: string; many: number; isGoing: boolean }) {
  const queries = useQueryClient();
  const path = `${segmentsPath(projectId)}/${segmentId}/members`;
  const list = useInfiniteQuery({ ...cursorList<WholeUser>(path, 'users'), refetchInterval: every(15_000), enabled: !isGoing });
  // As soon as their number is another, so are they.
  useEffect(() => void queries.invalidateQueries({ queryKey: [path] }), [queries, path, many]);
  return (
    <Panel title="Members" flush>
      <CursorTable
        label="Members"
        list={list}
        idOf={({ user_id }) => user_id}
        empty={
          <Empty icon="users" title="Nobody is in it">
            <p>Users come in within a second of a change that makes them fit.</p>
          </Empty>
        }
        columns={[
          {
            title: 'User',
            role: 'main',
            cell: (user) => (
              <span className={members.person}>
                <Face size={30} name={wholeName(user)} />
                <Link to="/projects/$projectId/users/$userId" params={{ projectId, userId: user.user_id }}>
                  {wholeName(user)}
                </Link>
              </span>
            ),
          },
          { title: 'Email', cell: ({ user_email }) => user_email ?? <span className="muted">–</span> },
          { title: 'Last seen', cell: ({ last_seen_at }) => <Time at={last_seen_at} /> },
        ]}
      />
    </Panel>
  );
}
