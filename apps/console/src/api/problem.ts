/** What the API refused, as it said so (RFC 9457), or `unreachable` when there was no answer. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Mistakes in the request, each with its place: `rule.$or[1]`. */
    readonly details: readonly { path: string; message: string }[] = [],
    readonly requestId?: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }

  /** By place, for a form. */
  get byField(): Record<string, string> {
    return Object.fromEntries(this.details.map(({ path, message }) => [path, message]));
  }
}

export function unreachable(): Problem {
  return new Problem(0, 'unreachable', 'Rollcall can’t be reached. Check your connection.');
}

interface ProblemBody {
  code?: string;
  detail?: string;
  title?: string;
  errors?: { path?: string; field?: string; message?: string }[];
  details?: { path?: string; message?: string }[];
  request_id?: string;
}

export async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as ProblemBody;
  const details = (body.errors ?? body.details ?? []).map(({ path = '', message = '', ...rest }) => ({ path: path || ('field' in rest ? String(rest.field ?? '') : ''), message }));
  const retryAfter = Number(response.headers.get('retry-after'));
  return new Problem(response.status, body.code ?? 'unknown', body.detail ?? body.title ?? `The answer was ${response.status}.`, details, body.request_id ?? response.headers.get('x-request-id') ?? undefined, Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : undefined);
}

/** What anything thrown says to a person. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'Something went wrong.';
}
