const putsOff: readonly number[] = [429, 503];
const mostSeconds = 86_400;

/**
 * Seconds until a receiver wants to be asked again, by the `Retry-After` of its answer (RFC 9110, 10.2.3): a day at the most.
 * Undefined where it does not say, or says what can't be read.
 */
export function retryAfterOf(status: number, headers: Headers): number | undefined {
  const text = headers.get('retry-after')?.trim();
  if (text === undefined || !putsOff.includes(status)) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : isDate(text) ? (Date.parse(text) - Date.now()) / 1_000 : 0;
  return seconds > 0 ? Math.min(seconds, mostSeconds) : undefined;
}

/** As HTTP writes it. `Date.parse` alone reads "-5" and "1.5" as days of some year. */
function isDate(text: string): boolean {
  return /^[A-Z][a-z]+,? .*\d{2}:\d{2}:\d{2}/.test(text) && !Number.isNaN(Date.parse(text));
}
