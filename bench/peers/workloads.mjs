/** What is asked of everybody who can do it, in the order of the table. */
export const workloads = {
  get: 'get one user',
  list: 'list 50, search + sort',
  upsert: 'create / upsert without a hash',
  update: 'update attributes',
  event: 'one event a request',
  events: '100 events a request',
  login: 'login',
  register: 'register',
  invite: 'invite',
  members: 'list 50 members of a team',
  mixed: 'mixed',
};

/** Of 20 requests of mixed traffic; what a contender can't do is left out of its mix. */
const mix = ['get', 'event', 'get', 'update', 'get', 'event', 'get', 'list', 'get', 'upsert', 'get', 'event', 'get', 'update', 'get', 'event', 'get', 'members', 'get', 'upsert'];

/** @param {Record<string, (n: number) => Buffer>} requests those of single workloads */
export function mixed(requests) {
  const of = mix.filter((name) => requests[name] !== undefined);
  return (n) => requests[of[n % of.length]](n);
}

/** Numbers of users, spread over all of them; each run of consecutive n has no user twice. */
export const anyOf = (n, users) => 1 + ((n * 7_919 + 13) % users);

export const password = 'correct horse battery';
/** A beginning of family names that about 555 users have, of 1,000 as of 1,000,000. */
export function searched(n, users) {
  const first = users < 5_000 ? 1 : users < 50_000 ? 10 : users < 500_000 ? 100 : 1_000;
  return `last${first + (n % first)}`;
}
export const eventNames = ['Paid', 'Viewed', 'Searched'];
export const inTeam = (users) => Math.max(100, Math.round(users / 10));
