import { SegmentedControl } from '@mantine/core';
import { useMemo } from 'react';
import { conditionsOf, textOf, type UserQuestion } from '../api/users.js';
import { PageHead } from '../components/page.js';
import { SearchField } from '../components/search-field.js';
import { useAddress, useId } from '../shell/address.js';
import { useMay } from '../shell/scope.js';
import { UserFilters } from './users/user-filters.js';
import { UserTable } from './users/user-table.js';
import classes from './users/users.module.css';

/** The users of a project. All that is asked stands in the address, so that a view can be kept and sent on. */
export function UsersPage() {
  const projectId = useId('projectId');
  const [search, change] = useAddress<'search' | 'status' | 'role' | 'sort' | 'filter'>();
  const may = useMay({ project_id: projectId });
  const question: UserQuestion = useMemo(
    () => ({ search: search.search, status: search.status, role: search.role, sort: search.sort, conditions: conditionsOf(search.filter) }),
    [search.search, search.status, search.role, search.sort, search.filter],
  );
  return (
    <div className={classes.page}>
      <PageHead title="Users" about="Everybody whose home is this project, and the staff who have a role in it." />
      <div className={classes.tools}>
        <SearchField className={classes.search} label="Search users" placeholder="Search by name, email or user name" value={search.search ?? ''} onChange={(text) => change({ search: text === '' ? undefined : text })} />
        <SegmentedControl
          aria-label="Status"
          value={search.status ?? 'all'}
          onChange={(status) => change({ status: status === 'all' ? undefined : status })}
          data={[
            { value: 'all', label: 'All' },
            { value: 'active', label: 'Active' },
            { value: 'inactive', label: 'Inactive' },
          ]}
        />
        <UserFilters conditions={question.conditions} onChange={(conditions) => change({ filter: textOf(conditions) })} />
      </div>
      <UserTable projectId={projectId} question={question} onSort={(sort) => change({ sort })} clear={() => change({ search: undefined, status: undefined, role: undefined, filter: undefined })} mayChange={may('users:write')} mayErase={may('users:delete')} />
    </div>
  );
}
