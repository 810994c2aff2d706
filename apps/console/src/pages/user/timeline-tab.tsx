import { Button, SegmentedControl, Select } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { eventDays, eventsPath } from '../../api/project-users.js';
import type { TrackedEvent, WholeUser } from '../../api/types.js';
import { cursorList } from '../../api/queries.js';
import { DayChart, daysBetween } from '../../components/day-chart.js';
import { Empty } from '../../components/empty.js';
import { Panel } from '../../components/page.js';
import { failed, Failed } from '../../components/page-error.js';
import { PageLoading } from '../../components/page-loading.js';
import { formatDay } from '../../components/time.js';
import { useAddress } from '../../shell/address.js';
import classes from './user.module.css';

const spans: Readonly<Record<string, string>> = { '7': '7 days', '30': '30 days', '90': '90 days', '365': 'A year' };
// Without `hour12: false`, which makes it 24:05 after midnight in some browsers.
const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** What they did: a chart of the days, and one after the other. */
export function TimelineTab({ projectId, user }: { projectId: string; user: WholeUser }) {
  const [{ span = '30', event }, change] = useAddress<'span' | 'event'>();
  const many = span in spans ? Number(span) : 30;
  // Whole days, so that the same question is asked until the day is over.
  const { from, to, days } = useMemo(() => {
    const today = new Date(`${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`);
    const first = new Date(today.getTime() - (many - 1) * 86_400_000);
    return { from: first.toISOString(), to: new Date(today.getTime() + 86_400_000).toISOString(), days: daysBetween(first, today) };
  }, [many]);
  const counts = useQuery(eventDays(projectId, user.user_id, from, to));
  const list = useInfiniteQuery(cursorList<TrackedEvent>(eventsPath(projectId, user.user_id), 'events', { event }));
  const names = [...new Set((counts.data ?? []).flatMap((each) => each.event ?? []))].sort();
  const options = event === undefined || names.includes(event) ? names : [event, ...names];
  return (
    <>
      <Panel
        title="Events per day"
        actions={<SegmentedControl size="xs" aria-label="Time" value={String(many)} onChange={(next) => change({ span: next === '30' ? undefined : next })} data={Object.entries(spans).map(([value, label]) => ({ value, label }))} />}
      >
        {failed(counts) ? <Failed error={counts.error} again={() => void counts.refetch()} /> : <DayChart label="Events" days={days} values={(counts.data ?? []).filter((each) => event === undefined || each.event === event).map(({ day, event: series, count }) => ({ day, series, count }))} />}
      </Panel>
      <Panel flush title="Time line" actions={<Select size="xs" aria-label="Only events of the name" placeholder="All events" data={options} value={event ?? null} onChange={(next) => change({ event: next ?? undefined })} clearable searchable />}>
        <Events list={list} />
      </Panel>
    </>
  );
}

function Events({ list }: { list: ReturnType<typeof useInfiniteQuery<{ items: TrackedEvent[]; next: string | null }, Error>> }) {
  if (failed(list)) return <Failed error={list.error} again={() => void list.refetch()} />;
  if (list.data === undefined) return <PageLoading />;
  const pages = list.data as unknown as { pages: { items: TrackedEvent[] }[] };
  const events = pages.pages.flatMap(({ items }) => items);
  if (events.length === 0) {
    return (
      <Empty icon="activity" title="Nothing happened yet">
        <p>What your app tracks of this user shows up here within a second.</p>
      </Empty>
    );
  }
  let shownDay = '';
  return (
    <ol className={classes.events}>
      {events.map((event) => {
        const day = formatDay(event.timestamp);
        const isNew = day !== shownDay;
        shownDay = day;
        return (
          <li key={event.id}>
            {isNew && <h3 className={classes.day}>{day}</h3>}
            <div className={classes.event}>
              <time dateTime={event.timestamp}>{clock.format(new Date(event.timestamp))}</time>
              <div>
                <span className={classes.eventName}>{event.event}</span>
                <div className={classes.properties}>
                  {event.value !== null && <span>value: {String(event.value)}</span>}
                  {Object.entries(event.properties).map(([name, value]) => (
                    <span key={name}>
                      {name}: {String(value)}
                    </span>
                  ))}
                </div>
              </div>
            </div>
          </li>
        );
      })}
      {list.hasNextPage && (
        <li className={classes.day}>
          <Button variant="default" size="xs" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Show earlier ones
          </Button>
        </li>
      )}
    </ol>
  );
}
