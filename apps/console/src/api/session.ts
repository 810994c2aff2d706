import { Problem, problemOf, unreachable } from './problem.js';

/** What a login, or the cookie of an earlier one, gives this page. The refresh token is where no script can read it. */
interface AccessToken {
  access_token: string;
  expires_in: number;
  user_id: string;
}

export interface NextStep {
  step_token: string;
  expires_at: number;
}

type State = { kind: 'unknown' } | { kind: 'out' } | { kind: 'in'; userId: string };

/** Says only that there is, or was, a session, so that a first visit doesn't ask in vain. It opens nothing. */
const hint = 'rollcall.session';
const lock = 'rollcall.session';
/** Renewed so long before its end that a request on its way is not refused. */
const renewBeforeMs = 20_000;

let state: State = { kind: 'unknown' };
let token = '';
let expiresAt = 0;
let renewing: Promise<void> | undefined;
const listeners = new Set<() => void>();
const otherTabs = new BroadcastChannel('rollcall.session');

otherTabs.addEventListener('message', ({ data }: MessageEvent<'out' | 'in'>) => {
  if (data === 'out') becomeOut();
  // Another tab logged in, maybe as somebody else: what this one shows is to be loaded anew.
  else if (state.kind !== 'in') void restore();
  else location.reload();
});

export const session = {
  current: (): State => state,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },

  /** @returns what else has to be done first, if anything */
  async logIn(email: string, password: string): Promise<NextStep | undefined> {
    const answer = await post<AccessToken | { next_step: NextStep }>('login', { email, password });
    if ('next_step' in answer) return answer.next_step;
    becomeIn(answer, true);
    return undefined;
  },

  async chooseNewPassword(stepToken: string, password: string): Promise<void> {
    becomeIn(await post<AccessToken>('login/new-password', { step_token: stepToken, password }), true);
  },

  async redeem(code: string): Promise<void> {
    becomeIn(await post<AccessToken>('sso-token', { code }), true);
  },

  /**
   * Ends the session on the server first: until then, nobody is logged out. In turn, or the answer to a tab that is renewing would come after this, and leave
   * the cookie of a session that is over.
   */
  async logOut(): Promise<void> {
    await inTurn(() => post<undefined>('logout'));
    becomeOut();
    otherTabs.postMessage('out');
  },

  restore,

  /** A token that is good for the next request. @throws Problem 401 when the session is over */
  async token(): Promise<string> {
    if (Date.now() > expiresAt - renewBeforeMs) await renew();
    return token;
  },

  /** A request was refused although the token had time left: the session was ended, or the keys were changed. */
  async tokenAfter(refused: string): Promise<string> {
    if (refused === token) await renew();
    return token;
  },
};

/** Takes up the session of the cookie, after the page was loaded. */
async function restore(): Promise<void> {
  if (localStorage.getItem(hint) === null) return becomeOut();
  await renew().catch((error: unknown) => {
    if (error instanceof Problem && error.status === 401) return;
    throw error;
  });
}

/** Once at a time in this tab, and one tab after the other: each takes the cookie that the one before has left. */
function renew(): Promise<void> {
  renewing ??= inTurn(async () => becomeIn(await post<AccessToken>('refresh'), false))
    .catch((error: unknown) => {
      if (error instanceof Problem && error.status === 401) becomeOut();
      throw error;
    })
    .finally(() => {
      renewing = undefined;
    });
  return renewing;
}

/**
 * Over plain HTTP from another host browsers have no locks. Two tabs that come at the same moment there get the same answer, as the server
 * takes the cookie before for ten seconds more.
 */
function inTurn(work: () => Promise<void>): Promise<void> {
  return 'locks' in navigator ? navigator.locks.request(lock, work) : work();
}

async function post<Answer>(what: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`/v1/auth/browser/${what}`, {
    method: 'POST',
    headers: { 'x-csrf-protection': '1', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw await problemOf(response);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

function becomeIn({ access_token, expires_in, user_id }: AccessToken, isLogin: boolean): void {
  const isSame = state.kind === 'in' && state.userId === user_id;
  token = access_token;
  expiresAt = Date.now() + expires_in * 1_000;
  localStorage.setItem(hint, '1');
  if (isLogin) otherTabs.postMessage('in');
  if (!isSame) tell({ kind: 'in', userId: user_id });
}

function becomeOut(): void {
  token = '';
  expiresAt = 0;
  localStorage.removeItem(hint);
  if (state.kind !== 'out') tell({ kind: 'out' });
}

function tell(next: State): void {
  state = next;
  for (const listener of listeners) listener();
}
