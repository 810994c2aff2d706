/** Loads a page. @param query what leads to it, in place of the same parameters of the first one */
type Load<Page> = (query: Readonly<Record<string, string | number>>) => Promise<Page>;

/** A list over all its pages: `for await (const user of list)`. Each loop begins anew; a page is loaded when it is needed. */
export class Paginator<Item, Page> implements AsyncIterable<Item> {
  constructor(
    private readonly endpoint: string,
    private readonly load: Load<Page>,
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for await (const page of this.pages()) yield* itemsOf(page) as Item[];
  }

  /** Page by page, as the surface answers them. */
  async *pages(): AsyncGenerator<Page, void, undefined> {
    for (let next: Readonly<Record<string, string | number>> | undefined = {}; next !== undefined; ) {
      const page: Page = await this.load(next);
      yield page;
      next = nextOf(this.endpoint, page);
    }
  }
}

function itemsOf(page: unknown): unknown[] {
  const { data } = page as { data?: unknown };
  const found = isObject(data) && !Array.isArray(data) ? Object.values(data).find(Array.isArray) : Object.values(page as object).find(Array.isArray);
  return (found as unknown[] | undefined) ?? [];
}

/** @returns the parameters of the next page, undefined after the last */
function nextOf(endpoint: string, page: unknown): Record<string, string | number> | undefined {
  const { cursor, next_cursor: next = cursor, metadata, next_after: after, has_more: more } = page as { cursor?: unknown; next_cursor?: unknown; metadata?: { currentPage: number; hasNextPage: boolean }; next_after?: string; has_more?: boolean };
  if (metadata !== undefined) return metadata.hasNextPage ? { page: metadata.currentPage + 1 } : undefined;
  if (after !== undefined) return more === true ? { after } : undefined;
  // Two lists of the engagement surface call it differently.
  return typeof next === 'string' && next !== '' ? { [endpoint === 'GET /v1/users' ? 'next_cursor' : 'cursor']: next } : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
