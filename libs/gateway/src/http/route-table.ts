interface KnownRoute {
  method: string;
  pattern: RegExp;
  /** Which of two that fit is served: a `1` for each part of the path that is fixed, else `0`. The router goes by the same. */
  rank: string;
  forPages: boolean;
}

/** The paths that are served, for telling a wrong method (405) from a wrong path (404), and what browsers ask beforehand. */
export class RouteTable {
  private readonly routes: KnownRoute[] = [];

  /** @param forPages whether pages of other origins may call it */
  add(method: string, path: string, forPages = false): void {
    const parts = path.split('/');
    const pattern = parts.map((part) => (part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
    const rank = parts.map((part) => (part.startsWith(':') || part === '*' ? '0' : '1')).join('');
    this.routes.push({ method, pattern: new RegExp(`^${pattern.join('/')}$`), rank, forPages });
  }

  /** The methods that the path of this URL answers, sorted; none when there is no such path. */
  methodsOf(url: string): string[] {
    return methods(this.fitting(pathOf(url)));
  }

  /** Those of them that pages of other origins may use. The `/v1` that surface B's clients may leave out is no matter here. */
  pageMethodsOf(url: string): string[] {
    const path = pathOf(url);
    const paths = /^\/users(?=\/|$)/.test(path) ? [path, `/v1${path}`] : [path];
    return methods(paths.flatMap((each) => this.served(each)).filter(({ forPages }) => forPages));
  }

  private served(path: string): KnownRoute[] {
    const fitting = this.fitting(path);
    return fitting.filter((route) => !fitting.some((other) => other.method === route.method && other.rank > route.rank));
  }

  private fitting(path: string): KnownRoute[] {
    return this.routes.filter(({ pattern }) => pattern.test(path));
  }
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}

function methods(routes: readonly KnownRoute[]): string[] {
  return [...new Set(routes.map(({ method }) => method))].sort();
}
