/** The paths that are served, for telling a wrong method (405) from a wrong path (404). Only failing requests ask. */
export class RouteTable {
  private readonly routes: { method: string; pattern: RegExp }[] = [];

  add(method: string, path: string): void {
    const pattern = path.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
    this.routes.push({ method, pattern: new RegExp(`^${pattern.join('/')}$`) });
  }

  /** The methods that the path of this URL answers, sorted; none when there is no such path. */
  methodsOf(url: string): string[] {
    const path = url.split('?', 1)[0] ?? '';
    return [...new Set(this.routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))].sort();
  }
}
