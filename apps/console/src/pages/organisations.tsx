import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/http.js';
import { organisations } from '../api/queries.js';
import type { Organisation } from '../api/types.js';
import { Empty } from '../components/empty.js';
import { Icon } from '../components/icon.js';
import { PageHead, Panel } from '../components/page.js';
import { failed, Failed } from '../components/page-error.js';
import { PageLoading } from '../components/page-loading.js';
import { Table } from '../components/table.js';
import { Time } from '../components/time.js';
import { PlaceForm } from './places/place-form.js';

/** Every organisation there is, for those who run the deployment. */
export function OrganisationsPage() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const found = useQuery(organisations);
  const [makes, setMakes] = useState(false);
  if (failed(found)) return <Failed error={found.error} again={() => void found.refetch()} />;
  if (found.data === undefined) return <PageLoading />;
  const make = (
    <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setMakes(true)}>
      New organisation
    </Button>
  );
  return (
    <div>
      <PageHead title="Organisations" about="Who has people and projects here. Each administers itself." actions={make} />
      <Panel flush>
        {found.data.length === 0 ? (
          <Empty icon="building" title="No organisations yet">
            <p>Make one, and invite its first administrator.</p>
            {make}
          </Empty>
        ) : (
          <Table
            label="Organisations"
            items={found.data}
            idOf={({ org_id }) => org_id}
            columns={[
              {
                title: 'Organisation',
                role: 'main',
                cell: ({ org_id, name }) => (
                  <Link to="/orgs/$orgId" params={{ orgId: org_id }}>
                    <strong>{name}</strong>
                  </Link>
                ),
              },
              { title: 'Short name', cell: ({ slug }) => <code>{slug}</code> },
              { title: 'Made', cell: ({ created_at }) => <Time at={created_at} /> },
            ]}
          />
        )}
      </Panel>
      {makes && (
        <PlaceForm
          what="organisation"
          onClose={() => setMakes(false)}
          make={async ({ name, slug }) => {
            const { org_id } = await api.post<Organisation>('/v1/admin/orgs', { body: { name, slug } });
            await queries.invalidateQueries({ queryKey: organisations.queryKey });
            await navigate({ to: '/orgs/$orgId', params: { orgId: org_id } });
          }}
        />
      )}
    </div>
  );
}
