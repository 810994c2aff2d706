import { Link } from '@tanstack/react-router';
import { useEffect, type ReactNode } from 'react';
import classes from './open-page.module.css';

/** A page for whoever is not logged in: one question, in the middle. */
export function OpenPage({ title, children, below }: { title: string; children: ReactNode; below?: ReactNode }) {
  useTitle(title);
  return (
    <main className={classes.page}>
      <div className={classes.column}>
        <Link to="/" className={classes.brand}>
          <svg width="34" height="34" viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="8" fill="#4f46e5" />
            <circle cx="16" cy="12" r="4.5" fill="#fff" />
            <path d="M7.500 25c.8-5 4.200-7.500 8.500-7.500s7.700 2.500 8.500 7.500z" fill="#fff" />
          </svg>
          Rollcall
        </Link>
        <section className={classes.card}>
          <h1 className={classes.title}>{title}</h1>
          {children}
        </section>
        {below !== undefined && <div className={classes.below}>{below}</div>}
      </div>
    </main>
  );
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Rollcall`;
  }, [title]);
}
