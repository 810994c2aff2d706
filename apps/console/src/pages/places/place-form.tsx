import { Select, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { teams } from '../../api/queries.js';
import { FormDialog } from '../../components/form-dialog.js';
import { fieldError } from '../../components/problem-note.js';
import { slugOf } from './slug.js';

export interface NewPlace {
  name: string;
  slug: string;
  team_id: string | undefined;
}

interface Props {
  what: 'organisation' | 'team' | 'project';
  onClose: () => void;
  make: (place: NewPlace) => Promise<unknown>;
  /** For a project: the organisation whose teams can be chosen, and the team one comes from. */
  orgId?: string;
  teamId?: string;
}

const about = { organisation: 'As people read it, such as the company’s name', team: 'As people read it, such as Sales', project: 'As people read it, such as Book shop' };

/** Asks for what an organisation, a team or a project is called. */
export function PlaceForm({ what, onClose, make, orgId, teamId }: Props) {
  const [name, setName] = useState('');
  const [ownSlug, setOwnSlug] = useState<string>();
  const [team, setTeam] = useState(teamId);
  const slug = ownSlug ?? slugOf(name);
  const run = useMutation({ mutationFn: () => make({ name: name.trim(), slug, team_id: team }), onSuccess: onClose });
  return (
    <FormDialog title={`New ${what}`} onClose={onClose} error={run.error} isPending={run.isPending} isReady={name.trim() !== '' && (what === 'team' || slug !== '')} label="Make it" submit={() => run.mutate()}>
      <TextInput label="Name" description={about[what]} required withAsterisk={false} data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} error={fieldError(run.error, 'name')} />
      {what !== 'team' && (
        <TextInput
          label="Short name"
          description={what === 'project' ? 'Stands in addresses of the API: lower-case letters, digits and hyphens' : 'For logging in by single sign-on: lower-case letters, digits and hyphens'}
          required
          withAsterisk={false}
          value={slug}
          onChange={(event) => setOwnSlug(event.currentTarget.value)}
          error={fieldError(run.error, 'slug')}
        />
      )}
      {what === 'project' && orgId !== undefined && teamId === undefined && <TeamChoice orgId={orgId} value={team} onChange={setTeam} />}
    </FormDialog>
  );
}

/** Of which team a project is; of none as well. */
export function TeamChoice({ orgId, value, onChange, disabled }: { orgId: string; value: string | undefined; onChange: (teamId: string | undefined) => void; disabled?: boolean }) {
  const { data = [] } = useQuery(teams(orgId));
  return (
    <Select
      label="Team"
      description="Its people reach the project by their role in the team"
      placeholder="None"
      clearable
      clearButtonProps={{ 'aria-label': 'Take it out of the team' }}
      disabled={disabled}
      data={data.map(({ team_id, name }) => ({ value: team_id, label: name }))}
      value={value ?? null}
      onChange={(next) => onChange(next ?? undefined)}
      comboboxProps={{ withinPortal: false }}
    />
  );
}
