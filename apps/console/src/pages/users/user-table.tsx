import { Button, Checkbox } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState } from 'react';
import type { ProjectUser } from '../../api/types.js';
import { mostRows, nameOf, pageSize, userPage, type UserQuestion } from '../../api/users.js';
import { Face } from '../../components/face.js';
import { Empty } from '../../components/empty.js';
import { Icon } from '../../components/icon.js';
import { failed, Failed } from '../../components/page-error.js';
import { Status } from '../../components/status.js';
import { formatNumber, Time } from '../../components/time.js';
import { BulkActions } from './bulk-actions.js';
import classes from './users.module.css';

interface Props {
  projectId: string;
  question: UserQuestion;
  onSort: (sort: string | undefined) => void;
  clear: () => void;
  mayChange: boolean;
  mayErase: boolean;
}

const columns = [
  { title: 'Name', sort: 'lastName' },
  { title: 'User name', sort: 'username' },
  { title: 'Status', sort: 'isActive' },
  { title: 'Roles' },
  { title: 'Created', sort: 'createdAt' },
] as const;

/** Only the rows in sight are in the page, and only their pages are asked for, however far one scrolls. */
export function UserTable({ projectId, question, onSort, clear, mayChange, mayErase }: Props) {
  const first = useQuery(userPage(projectId, question, 1));
  const [selected, setSelected] = useState<ReadonlyMap<string, ProjectUser>>(new Map());
  const total = first.data?.metadata.count ?? 0;
  const rows = Math.min(total, mostRows);
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), [first.data === undefined, question.conditions.length]);
  const virtual = useWindowVirtualizer({ count: rows, estimateSize: () => 56, overscan: 12, scrollMargin: top });
  const items = virtual.getVirtualItems();
  const pages = [...new Set(items.map(({ index }) => Math.floor(index / pageSize) + 1))];
  const asked = useQueries({ queries: pages.map((page) => userPage(projectId, question, page)) });
  const userAt = (index: number) => asked[pages.indexOf(Math.floor(index / pageSize) + 1)]?.data?.data[index % pageSize];
  const isFiltered = question.search !== undefined || question.status !== undefined || question.role !== undefined || question.conditions.length > 0;
  const select = (user: ProjectUser, isOn: boolean) => {
    const next = new Map(selected);
    if (isOn) next.set(user.id, user);
    else next.delete(user.id);
    setSelected(next);
  };

  if (failed(first)) return <Failed error={first.error} again={() => void first.refetch()} />;
  return (
    <>
      <p className={classes.count} aria-live="polite">
        {first.isPending ? 'Looking …' : `${formatNumber(total)} ${total === 1 ? 'user' : 'users'}${total > mostRows ? `; the first ${formatNumber(mostRows)} are shown` : ''}`}
      </p>
      {selected.size > 0 && <BulkActions projectId={projectId} users={[...selected.values()]} done={() => setSelected(new Map())} mayChange={mayChange} mayErase={mayErase} />}
      {!first.isPending && total === 0 ? (
        <div className={classes.table}>{isFiltered ? <NothingFound clear={clear} /> : <NobodyYet />}</div>
      ) : (
        <div className={classes.table} role="table" aria-label="Users" aria-rowcount={rows + 1} aria-busy={first.isFetching}>
          <div className={classes.headRow} role="row" aria-rowindex={1}>
            <span role="columnheader" className={classes.select}>
              <span className="visually-hidden">Selected</span>
            </span>
            {columns.map((column) => (
              <Heading key={column.title} {...column} now={question.sort ?? '-createdAt'} onSort={onSort} />
            ))}
          </div>
          <div ref={list} role="rowgroup" className={classes.rows} style={{ height: first.isPending ? 56 * 8 : virtual.getTotalSize() }}>
            {items.map(({ index, key, start }) => (
              <div key={key} className={classes.row} role="row" aria-rowindex={index + 2} style={{ transform: `translateY(${start - top}px)` }}>
                <Row user={userAt(index)} projectId={projectId} isSelected={selected.has(userAt(index)?.id ?? '')} onSelect={select} />
              </div>
            ))}
          </div>
        </div>
      )}
    </>
  );
}

function Heading({ title, sort, now, onSort }: { title: string; sort?: string; now: string; onSort: Props['onSort'] }) {
  if (sort === undefined) return <span role="columnheader">{title}</span>;
  const isUp = now === sort;
  const isDown = now === `-${sort}`;
  return (
    <span role="columnheader" aria-sort={isUp ? 'ascending' : isDown ? 'descending' : 'none'}>
      <button type="button" className={classes.sort} onClick={() => onSort(isUp ? `-${sort}` : sort)}>
        {title}
        {(isUp || isDown) && <Icon name={isUp ? 'arrow-up' : 'arrow-down'} size={13} />}
      </button>
    </span>
  );
}

interface RowProps {
  user: ProjectUser | undefined;
  projectId: string;
  isSelected: boolean;
  onSelect: (user: ProjectUser, isOn: boolean) => void;
}

function Row({ user, projectId, isSelected, onSelect }: RowProps) {
  if (user === undefined) return <span role="cell" className={classes.waiting} aria-label="Loading" />;
  const name = nameOf(user);
  return (
    <>
      <span role="cell" className={classes.select}>
        <Checkbox size="sm" checked={isSelected} onChange={(event) => onSelect(user, event.currentTarget.checked)} aria-label={`Select ${name}`} />
      </span>
      <span role="cell" className={classes.person}>
        <Face size={34} name={name} />
        <span className={classes.personText}>
          <Link to="/projects/$projectId/users/$userId" params={{ projectId, userId: user.id }} className={classes.name}>
            {name}
          </Link>
          <span className="muted">{name === user.email ? user.mobilePhone : user.email}</span>
        </span>
      </span>
      <span role="cell" className={classes.wide}>
        {user.username ?? <span className="muted">–</span>}
      </span>
      <span role="cell">
        <Status tone={user.isActive ? 'good' : 'calm'}>{user.isActive ? 'Active' : 'Inactive'}</Status>
      </span>
      <span role="cell" className={classes.wide}>
        {user.roles.length === 0 ? <span className="muted">–</span> : user.roles.join(', ')}
      </span>
      <span role="cell" className={classes.wide}>
        <Time at={user.createdAt} />
      </span>
    </>
  );
}

function NothingFound({ clear }: { clear: () => void }) {
  return (
    <Empty icon="search" title="Nobody fits">
      <p>No user of this project fits the search and the filters.</p>
      <Button variant="default" onClick={clear}>
        Show everybody
      </Button>
    </Empty>
  );
}

function NobodyYet() {
  return (
    <Empty icon="users" title="No users yet">
      <p>Users come by the API: your app or your backend sends them, or they register themselves. Make a key, and try:</p>
      <pre>{`curl -u "KEY:" --json '{"id":"ada","first_name":"Ada"}' \\\n  ${location.origin}/v1/users`}</pre>
      <a href="/docs" target="_blank" rel="noreferrer">
        All the ways, in the API reference
      </a>
    </Empty>
  );
}
