import { Outlet, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { session } from '../api/session.js';

/** Whoever logs in or out, here or in another tab, is led to where they belong: routes decide it before they load. */
export function Root() {
  const router = useRouter();
  useEffect(() => session.subscribe(() => void router.invalidate()), [router]);
  return <Outlet />;
}
