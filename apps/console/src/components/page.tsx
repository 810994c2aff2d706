import type { ReactNode } from 'react';
import { useTitle } from './open-page.js';
import classes from './page.module.css';

/** The head of a page: what it is, one sentence about it, and what can be done. */
export function PageHead({ title, about, actions, above, shownTitle }: { title: string; about?: ReactNode; actions?: ReactNode; above?: ReactNode; shownTitle?: ReactNode }) {
  useTitle(title);
  return (
    <header className={classes.head}>
      {above !== undefined && <div className={classes.above}>{above}</div>}
      <div className={classes.headRow}>
        <div className={classes.headText}>
          <h1>{shownTitle ?? title}</h1>
          {about !== undefined && <p className="muted">{about}</p>}
        </div>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </div>
    </header>
  );
}

/** A part of a page with a heading of its own. */
export function Panel({ title, about, actions, children, flush = false }: { title?: ReactNode; about?: ReactNode; actions?: ReactNode; children: ReactNode; flush?: boolean }) {
  return (
    <section className={classes.panel}>
      {(title !== undefined || actions !== undefined) && (
        <div className={classes.panelHead}>
          <div>
            {title !== undefined && <h2>{title}</h2>}
            {about !== undefined && <p className="muted">{about}</p>}
          </div>
          {actions !== undefined && <div className={classes.actions}>{actions}</div>}
        </div>
      )}
      <div className={flush ? classes.flush : classes.panelBody}>{children}</div>
    </section>
  );
}
