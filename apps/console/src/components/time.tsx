const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const full = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });
const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });
const countedDay = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' });
const steps = [
  [60, 'second'],
  [60, 'minute'],
  [24, 'hour'],
  [30, 'day'],
] as const;

/** How long ago or ahead, within a month; else the day. The exact time is in the hint. */
export function Time({ at }: { at: string | null }) {
  if (at === null) return <span className="muted">never</span>;
  const date = new Date(at);
  return (
    <time dateTime={at} title={full.format(date)}>
      {textOf(date)}
    </time>
  );
}

function textOf(date: Date): string {
  let left = (date.getTime() - Date.now()) / 1_000;
  for (const [many, unit] of steps) {
    if (Math.abs(left) < many) return unit === 'second' && Math.abs(left) < 20 ? (left > 1 ? 'in a moment' : 'just now') : relative.format(Math.round(left), unit);
    left /= many;
  }
  return day.format(date);
}

export const formatTime = (at: string) => full.format(new Date(at));
export const formatDay = (at: string | Date) => day.format(new Date(at));
/** A day as it is counted, of UTC: `2026-01-31`. Where it is still the evening before, it is that day nevertheless. */
export const formatCountedDay = (name: string) => countedDay.format(new Date(name));
export const formatNumber = (value: number) => value.toLocaleString('en');
