import { Button, Skeleton } from '@mantine/core';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { failed, Failed } from './page-error.js';
import classes from './table.module.css';

export interface Column<Item> {
  title: string;
  cell: (item: Item) => ReactNode;
  /** On narrow screens the title stands before the value, unless this is what the row is about, or speaks for itself. */
  role?: 'main' | 'actions' | 'number';
}

interface Props<Item> {
  label: string;
  columns: readonly Column<Item>[];
  items: readonly Item[];
  idOf: (item: Item) => string;
}

/** Rows on wide screens, cards on narrow ones; for lists that are not too long to be in the page whole. */
export function Table<Item>({ label, columns, items, idOf }: Props<Item>) {
  return (
    <table className={classes.table} aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ title, role }) => (
            <th key={title} scope="col" data-role={role}>
              {role === 'actions' ? <span className="visually-hidden">{title}</span> : title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={idOf(item)}>
            {columns.map(({ title, cell, role }) => (
              <td key={title} data-role={role} data-title={title}>
                <div>{cell(item)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface CursorProps<Item> extends Omit<Props<Item>, 'items'> {
  list: UseInfiniteQueryResult<InfiniteData<{ items: Item[]; next: string | null }>>;
  /** Where there is nothing. */
  empty: ReactNode;
}

/** A list that comes page by page. */
export function CursorTable<Item>({ list, empty, ...table }: CursorProps<Item>) {
  if (failed(list)) return <Failed error={list.error} again={() => void list.refetch()} />;
  if (list.data === undefined) {
    return (
      <div className={classes.loading} aria-busy="true" aria-label="Loading">
        {[1, 2, 3, 4].map((row) => (
          <Skeleton key={row} height={22} />
        ))}
      </div>
    );
  }
  const items = list.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <>{empty}</>;
  return (
    <>
      <Table {...table} items={items} />
      {list.hasNextPage && (
        <div className={classes.more}>
          <Button variant="default" size="xs" onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}
