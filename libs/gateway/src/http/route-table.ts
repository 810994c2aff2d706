import { membership } from '#libs/contracts';

interface KnownRoute {
  method: string;
  path: string;
  pattern: RegExp;
  /** Which of two that fit has the path: a `1` for each part of it that is fixed, else `0`. The router goes by the same, but looks at one method only. */
  rank: string;
  forPages: boolean;
}

/** What parameters of a path would have to be for the path to be another route's. */
type Taken = readonly (readonly [parameter: string, word: string])[];

/** No project has such a name: the paths below it are other surfaces'. */
const projectPattern = `(?!(?:${[...membership.reservedSlugs].join('|')})(?:/|$))[^/]+`;

/**
 * The paths that are served, for telling a wrong method (405) from a wrong path (404), and what browsers ask beforehand. A word that a
 * route has in its path, as `/:project/users/count`, is no value of another's parameter, as `/:project/users/:id`, whatever the method.
 */
export class RouteTable {
  private readonly routes: KnownRoute[] = [];
  private readonly takenOf = new Map<string, readonly Taken[]>();

  /** @param forPages whether pages of other origins may call it */
  add(method: string, path: string, forPages = false): void {
    const parts = path.split('/');
    const pattern = parts.map((part) => (part === ':project' ? projectPattern : part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
    const rank = parts.map((part) => (isFixed(part) ? '1' : '0')).join('');
    this.routes.push({ method, path, pattern: new RegExp(`^${pattern.join('/')}$`), rank, forPages });
  }

  /**
   * Whether what the router found has the path. Asked with every request: only once there are all routes.
   * @param path of a route, as it was added
   * @param params the parts of the request's path that stand for its parameters
   */
  isServed(path: string, params: Readonly<Record<string, string>>): boolean {
    if (params['project'] !== undefined && membership.reservedSlugs.has(params['project'])) return false;
    let taken = this.takenOf.get(path);
    if (taken === undefined) this.takenOf.set(path, (taken = this.takenFrom(path)));
    return !taken.some((words) => words.every(([parameter, word]) => params[parameter] === word));
  }

  /** The methods that the path of this URL answers, sorted; none when there is no such path. */
  methodsOf(url: string): string[] {
    return methods(this.served(pathOf(url)));
  }

  /** Those of them that pages of other origins may use. The `/v1` that surface B's clients may leave out is no matter here. */
  pageMethodsOf(url: string): string[] {
    const path = pathOf(url);
    const paths = /^\/users(?=\/|$)/.test(path) ? [path, `/v1${path}`] : [path];
    return methods(paths.flatMap((each) => this.served(each)).filter(({ forPages }) => forPages));
  }

  private served(path: string): KnownRoute[] {
    const fitting = this.routes.filter(({ pattern }) => pattern.test(path));
    return fitting.filter(({ rank }) => !fitting.some((other) => other.rank > rank));
  }

  private takenFrom(path: string): Taken[] {
    const own = path.split('/');
    const rank = this.routes.find((route) => route.path === path)?.rank ?? '';
    const others = new Map(this.routes.filter((other) => other.rank.length === rank.length && other.rank > rank).map((other) => [other.path, other.path.split('/')]));
    return [...others.values()]
      .filter((parts) => parts.every((part, place) => part === own[place] || !isFixed(part) || !isFixed(own[place]!)))
      .map((parts) => parts.flatMap((part, place): [string, string][] => (isFixed(part) && own[place]!.startsWith(':') ? [[own[place]!.slice(1), part]] : [])));
  }
}

function isFixed(part: string): boolean {
  return !part.startsWith(':') && part !== '*';
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}

function methods(routes: readonly KnownRoute[]): string[] {
  return [...new Set(routes.map(({ method }) => method))].sort();
}
