import type { ReactNode } from 'react';
import classes from './empty.module.css';
import { Icon, type IconName } from './icon.js';

/** Where there is nothing yet: what would be here, and how it comes. */
export function Empty({ icon, title, children, role }: { icon: IconName; title: string; children?: ReactNode; role?: 'alert' }) {
  return (
    <div className={classes.empty} role={role}>
      <span className={classes.icon}>
        <Icon name={icon} size={26} />
      </span>
      <h2 className={classes.title}>{title}</h2>
      <div className={classes.text}>{children}</div>
    </div>
  );
}
