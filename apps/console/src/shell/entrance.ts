import { redirect, type ParsedLocation } from '@tanstack/react-router';
import { session } from '../api/session.js';

const nextKey = 'rollcall.next';
const ssoStateKey = 'rollcall.sso-state';

/** Takes up the session of an earlier visit before any page decides what to show. */
export async function takeUpSession(): Promise<void> {
  if (session.current().kind === 'unknown') await session.restore();
}

/** For pages of staff: whoever is not logged in is asked to, and comes back. */
export function mustBeIn({ location }: { location: ParsedLocation }): void {
  // oxlint-disable-next-line typescript/only-throw-error -- how the router is told to go elsewhere
  if (session.current().kind !== 'in') throw redirect({ to: '/login', search: { next: location.href === '/' ? undefined : location.href }, replace: true });
}

/** For the login: whoever is in goes on to where they wanted to. */
export function mustBeOut({ search }: { search: { next?: string } }): void {
  if (session.current().kind !== 'in') return;
  const [path = '/', query = ''] = placeOf(search.next ?? takeNext()).split('?');
  // oxlint-disable-next-line typescript/only-throw-error -- how the router is told to go elsewhere
  throw redirect({ to: path, search: Object.fromEntries(new URLSearchParams(query)), replace: true });
}

/** Where somebody wanted to go who is sent to their provider: that is not in the address that they come back to. */
export function keepNext(next: string | undefined): void {
  if (next !== undefined) sessionStorage.setItem(nextKey, next);
}

/** @returns what the provider's answer has to bring back, to show that it was asked for from here */
export function beginSingleSignOn(): string {
  const state = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  sessionStorage.setItem(ssoStateKey, state);
  return state;
}

/** @returns whether the answer is the one to what was begun in this tab; it counts once */
export function endSingleSignOn(state: string | undefined): boolean {
  const begun = sessionStorage.getItem(ssoStateKey);
  sessionStorage.removeItem(ssoStateKey);
  return begun !== null && begun === state;
}

function takeNext(): string | null {
  const next = sessionStorage.getItem(nextKey);
  sessionStorage.removeItem(nextKey);
  return next;
}

/** A place in the console, and nowhere else, whatever the address says. */
function placeOf(next: string | null): string {
  const path = next?.replace(/^\/console(?=\/|$)/, '') ?? '/';
  return /^\/(?![/\\])/.test(path) && !path.startsWith('/login') ? path : '/';
}
