import { ActionIcon, Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useRouter } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { me } from '../api/queries.js';
import { useSession } from '../api/use-session.js';
import { Icon } from '../components/icon.js';
import { failed, Failed } from '../components/page-error.js';
import { Navigation } from './navigation.js';
import { OutOfReach } from './out-of-reach.js';
import { PersonMenu } from './person-menu.js';
import classes from './shell.module.css';
import { Switcher } from './switcher.js';

/** Somebody else finds nothing in it of who was before: neither what is shown nor what they typed. */
export function StaffShell() {
  const session = useSession();
  return <Shell key={session.kind === 'in' ? session.userId : ''} />;
}

/** What stands around every page of somebody who is logged in. */
function Shell() {
  const session = useSession();
  const router = useRouter();
  const { pathname } = useLocation();
  const user = useQuery({ ...me, enabled: session.kind === 'in' });
  const [menuIsOpen, setMenuIsOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);

  // Another page: the menu has done its work, and whoever reads with their ears starts at the page's beginning.
  useEffect(() => {
    setMenuIsOpen(false);
    if (isFirst.current) isFirst.current = false;
    else main.current?.focus({ preventScroll: true });
  }, [pathname]);

  // Another tab may have logged out while this page was loading: after routes decided, and before anything heard of it.
  const isOut = session.kind !== 'in';
  useEffect(() => {
    if (isOut) void router.invalidate();
  }, [isOut, router]);

  if (isOut) return null; // on the way to the login
  const side = (
    <>
      <Switcher />
      <Navigation globalRole={user.data?.global_role ?? null} />
      <PersonMenu user={user.data} />
    </>
  );
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        Skip to the content
      </a>
      <aside className={classes.side}>
        <Brand />
        {side}
      </aside>
      <header className={classes.bar}>
        <ActionIcon variant="subtle" color="gray" size="lg" onClick={() => setMenuIsOpen(true)} aria-label="Open the menu" aria-expanded={menuIsOpen}>
          <Icon name="menu" />
        </ActionIcon>
        <Brand />
      </header>
      <Drawer opened={menuIsOpen} onClose={() => setMenuIsOpen(false)} title={<Brand />} size="17rem" padding="sm" closeButtonProps={{ 'aria-label': 'Close the menu' }} classNames={{ body: classes.drawer, content: classes.drawerContent }}>
        {side}
      </Drawer>
      <main id="main" className={classes.main} ref={main} tabIndex={-1}>
        <OutOfReach />
        {failed(user) ? <Failed error={user.error} again={() => void user.refetch()} /> : <Outlet />}
      </main>
    </div>
  );
}

function Brand() {
  return (
    <Link to="/" className={classes.brand}>
      <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="#4f46e5" />
        <circle cx="16" cy="12" r="4.5" fill="#fff" />
        <path d="M7.500 25c.8-5 4.200-7.500 8.500-7.500s7.700 2.500 8.500 7.500z" fill="#fff" />
      </svg>
      <span>Rollcall</span>
    </Link>
  );
}
