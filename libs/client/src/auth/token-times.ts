/** What a signed token (RFC 7519) says of its own time, in seconds. It is read, not verified. */
export function timesOf(token: string): { issuedAt: number | undefined; expiresAt: number | undefined } {
  try {
    const payload = token.split('.')[1] ?? '';
    const claims = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { iat?: unknown; exp?: unknown };
    return { issuedAt: numberOf(claims.iat), expiresAt: numberOf(claims.exp) };
  } catch {
    return { issuedAt: undefined, expiresAt: undefined };
  }
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
