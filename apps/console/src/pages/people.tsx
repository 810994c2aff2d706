import { SearchField } from '../components/search-field.js';
import { PageHead, Panel } from '../components/page.js';
import { useAddress, useId } from '../shell/address.js';
import { useMay, useScope } from '../shell/scope.js';
import { InviteButton } from './members/invite.js';
import { MemberTable } from './members/member-table.js';

/** The people of an organisation. */
export function PeoplePage() {
  const orgId = useId('orgId');
  const { organisation } = useScope();
  const [{ search = '' }, change] = useAddress<'search'>();
  const may = useMay({ org_id: orgId });
  const place = { level: 'organisation', id: orgId, name: organisation?.name ?? 'the organisation' } as const;
  return (
    <div>
      <PageHead title="People" about="Who belongs to the organisation. Roles in teams and projects are given there." actions={may('org:administer') && <InviteButton place={place} />} />
      <Panel flush actions={<SearchField label="Search people" placeholder="Search by name or email" value={search} onChange={(text) => change({ search: text === '' ? undefined : text })} />}>
        <MemberTable place={place} mayChange={may('roles:write')} search={search} />
      </Panel>
    </div>
  );
}
