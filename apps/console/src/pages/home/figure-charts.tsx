import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { figures } from '../../api/project-users.js';
import type { Figures } from '../../api/types.js';
import { DayChart, type DayValue } from '../../components/day-chart.js';
import { Panel } from '../../components/page.js';
import { failed, Failed } from '../../components/page-error.js';
import { PageLoading } from '../../components/page-loading.js';
import { useAddress } from '../../shell/address.js';
import classes from '../project-home.module.css';

const spans = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
];

type Day = Figures['days'][number];

const charts: readonly { title: string; about: string; series: readonly (readonly [name: string, valueOf: (day: Day) => number])[]; adds: boolean }[] = [
  { title: 'Users', about: 'Those at home here, without the staff, at the end of each day.', series: [['Users', ({ users }) => users ?? 0]], adds: false },
  { title: 'Active users', about: 'Who did something that day.', series: [['Active users', ({ active_users }) => active_users]], adds: false },
  { title: 'Events', about: 'What users did, by the time of the event.', series: [['Events', ({ events }) => events]], adds: true },
  { title: 'Logins', about: 'Of users with a password here, and those that were refused.', series: [['Logins', ({ logins }) => logins], ['Refused', ({ failed_logins }) => failed_logins]], adds: true },
];

/** How the project does over time. */
export function FigureCharts({ projectId }: { projectId: string }) {
  const [{ days: span = '30' }, change] = useAddress<'days'>();
  const found = useQuery(figures(projectId, spans.some(({ value }) => value === span) ? Number(span) : 30));
  if (failed(found)) return <Failed error={found.error} again={() => void found.refetch()} />;
  if (found.data === undefined) return <PageLoading />;
  const { days } = found.data;
  return (
    <section aria-label="Over time">
      <div className={classes.over}>
        <h2>Over time</h2>
        <SegmentedControl size="xs" aria-label="Span of time" data={spans} value={span} onChange={(next) => change({ days: next === '30' ? undefined : next })} />
      </div>
      <div className={classes.charts}>
        {charts.map(({ title, about, series, adds }) => (
          <Panel key={title} title={title} about={about}>
            <DayChart
              label={title}
              adds={adds}
              colour={{ Refused: 3 }}
              days={days.map(({ day }) => day)}
              values={days.flatMap((day): DayValue[] => series.map(([name, valueOf]) => ({ day: day.day, series: name, count: valueOf(day) })))}
            />
          </Panel>
        ))}
      </div>
    </section>
  );
}
