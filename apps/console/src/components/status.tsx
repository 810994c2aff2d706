import classes from './status.module.css';

export type Tone = 'good' | 'bad' | 'warn' | 'calm' | 'busy';

/** A state in a word; the dot's colour repeats it. */
export function Status({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span className={classes.status} data-tone={tone}>
      {children}
    </span>
  );
}
