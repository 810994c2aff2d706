import { useMemo, useState } from 'react';
import classes from './day-chart.module.css';
import { formatCountedDay, formatNumber } from './time.js';

export interface DayValue {
  /** `2026-01-31`, UTC. */
  day: string;
  /** What is counted; null: all that is not named. */
  series: string | null;
  count: number;
}

interface Props {
  /** What the chart shows, for whoever can't see it. */
  label: string;
  /** Each day from the first to the last has its place, with or without a value. */
  days: readonly string[];
  values: readonly DayValue[];
  /** Whether the days together say something; else the last one does. */
  adds?: boolean;
  /** Which of the eight colours a name has, where that says something. */
  colour?: Readonly<Record<string, number>>;
}

const colours = 8;
const [width, height] = [1_000, 220];
const nameOf = (series: string | null) => series ?? 'All others';

/** Bars of days, one part for each name; the days as a table for whoever reads with their ears. */
export function DayChart({ label, days, values, adds = true, colour }: Props) {
  const [hidden, setHidden] = useState<ReadonlySet<string | null>>(new Set());
  const [day, setDay] = useState<number>();
  const { series, byDay } = useMemo(() => arrange(values), [values]);
  const shown = series.filter((each) => !hidden.has(each));
  const totals = days.map((each) => shown.reduce((sum, name) => sum + (byDay.get(each)?.get(name) ?? 0), 0));
  const top = niceTop(Math.max(1, ...totals));
  const step = width / days.length;
  const colourOf = (name: string | null) => colour?.[name ?? ''] ?? series.indexOf(name) % colours;
  const scale = (value: number) => (value / top) * (height - 28);
  const toggle = (name: string | null) => {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    setHidden(next);
  };
  return (
    <figure className={classes.figure}>
      <div className={classes.plot} onPointerLeave={() => setDay(undefined)}>
        <svg viewBox={`0 0 ${width} ${height}`} className={classes.svg} role="img" aria-label={adds ? `${label}: ${formatNumber(totals.reduce((sum, each) => sum + each, 0))} in ${days.length} days` : `${label}: ${formatNumber(totals.at(-1) ?? 0)} today`} preserveAspectRatio="none">
          {[0, 0.5, 1].map((part) => (
            <line key={part} x1={0} x2={width} y1={height - 20 - scale(top * part)} y2={height - 20 - scale(top * part)} className={classes.grid} vectorEffect="non-scaling-stroke" />
          ))}
          {days.map((each, index) => {
            let below = height - 20;
            return (
              <g key={each} opacity={day === undefined || day === index ? 1 : 0.55}>
                {shown.map((name) => {
                  const part = scale(byDay.get(each)?.get(name) ?? 0);
                  below -= part;
                  return part === 0 ? null : <rect key={nameOf(name)} x={index * step + step * 0.14} width={step * 0.72} y={below} height={part} className={classes.bar} data-colour={colourOf(name)} />;
                })}
                <rect x={index * step} width={step} y={0} height={height - 20} fill="transparent" onPointerEnter={() => setDay(index)} onPointerDown={() => setDay(index)} />
              </g>
            );
          })}
        </svg>
        <span className={classes.top}>{formatNumber(top)}</span>
        <span className={classes.middle}>{top % 2 === 0 ? formatNumber(top / 2) : ''}</span>
        <div className={classes.ends}>
          <span>{formatCountedDay(days[0] ?? '')}</span>
          <span>{formatCountedDay(days.at(-1) ?? '')}</span>
        </div>
        {day !== undefined && (
          <div className={classes.tip} data-side={day > days.length / 2 ? 'left' : 'right'} style={{ left: `${(((day + 0.5) * step) / width) * 100}%` }}>
            <strong>{formatCountedDay(days[day] ?? '')}</strong>
            {shown
              .map((name) => [name, byDay.get(days[day] ?? '')?.get(name) ?? 0] as const)
              .filter(([, count]) => count > 0)
              .map(([name, count]) => (
                <span key={nameOf(name)} className={classes.tipRow}>
                  <i data-colour={colourOf(name)} /> {nameOf(name)} <b>{formatNumber(count)}</b>
                </span>
              ))}
            {(totals[day] ?? 0) === 0 && <span className="muted">Nothing</span>}
          </div>
        )}
      </div>
      {(series.length > 1 || adds) && series.length > 0 && (
        <figcaption className={classes.legend}>
          {series.map((name) => (
            <button key={nameOf(name)} type="button" aria-pressed={!hidden.has(name)} onClick={() => toggle(name)}>
              <i data-colour={colourOf(name)} /> {nameOf(name)}
            </button>
          ))}
        </figcaption>
      )}
      <table className="visually-hidden">
        <caption>{label}, by day</caption>
        <tbody>
          {days.map((each, index) =>
            (totals[index] ?? 0) === 0 ? null : (
              <tr key={each}>
                <th scope="row">{each}</th>
                <td>{totals[index]}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </figure>
  );
}

/** The most frequent first, so that it lies at the bottom. */
function arrange(values: readonly DayValue[]): { series: (string | null)[]; byDay: Map<string, Map<string | null, number>> } {
  const totals = new Map<string | null, number>();
  const byDay = new Map<string, Map<string | null, number>>();
  for (const { day, series, count } of values) {
    totals.set(series, (totals.get(series) ?? 0) + count);
    const ofDay = byDay.get(day) ?? new Map<string | null, number>();
    ofDay.set(series, (ofDay.get(series) ?? 0) + count);
    byDay.set(day, ofDay);
  }
  return { series: [...totals].sort(([one, many], [other, more]) => (one === null ? 1 : other === null ? -1 : more - many)).map(([name]) => name), byDay };
}

/** A round number that is not much above. */
function niceTop(most: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 4, 5, 10].map((times) => times * magnitude).find((each) => each >= most) ?? most;
}

/** Days of UTC from `from` up to and with `to`. */
export function daysBetween(from: Date, to: Date): string[] {
  const days: string[] = [];
  for (let day = Date.parse(from.toISOString().slice(0, 10)); day <= to.getTime(); day += 86_400_000) days.push(new Date(day).toISOString().slice(0, 10));
  return days;
}
