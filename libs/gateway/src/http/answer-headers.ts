/** Every header that an answer of the API may have, but for those that HTTP itself needs (`Content-Type`, `Date`, …). */
export const answerHeaders = {
  'X-Request-Id': { description: 'The id of the request: the one that was sent, or one that was made', schema: { type: 'string', minLength: 1, maxLength: 128, pattern: '^[\\w.:+/=-]+$' } },
  RateLimit: { description: 'Where the tightest limit stands: `r` requests left in the next `t` seconds. Absent where no limit is set', schema: { type: 'string', maxLength: 64, pattern: '^"\\w+";r=\\d+;t=\\d+$' } },
  'RateLimit-Policy': { description: 'The tightest limit: `q` requests in `w` seconds. Absent where no limit is set', schema: { type: 'string', maxLength: 64, pattern: '^"\\w+";q=\\d+;w=\\d+$' } },
  'Retry-After': { description: 'Seconds after which to try again', schema: { type: 'integer', format: 'int32', minimum: 1, maximum: 31_536_000 } },
  'WWW-Authenticate': { description: 'How to say who you are', schema: { type: 'string', maxLength: 256 } },
  'Access-Control-Allow-Origin': { description: 'Pages of which origin may read the answer; absent for all others', schema: { type: 'string', maxLength: 2_048 } },
  'Access-Control-Expose-Headers': { description: 'Headers that a page may read', schema: { type: 'string', maxLength: 512 } },
  Vary: { description: 'A cache must tell requests apart by these headers', schema: { type: 'string', maxLength: 256 } },
  'Cache-Control': { description: 'Whether and for how long the answer may be kept', schema: { type: 'string', maxLength: 256 } },
  ETag: { description: 'Names this content: send it as `If-None-Match`, and what you have already is not sent again', schema: { type: 'string', maxLength: 128, pattern: '^(W/)?"[^"]*"$' } },
  Location: { description: 'Where to go on', schema: { type: 'string', format: 'uri-reference', maxLength: 8_192 } },
  'Set-Cookie': { description: 'For browsers: what the login needs to know the device or the attempt by', schema: { type: 'string', maxLength: 4_096 } },
  'X-Rollcall-Job-Id': { description: 'The job that erases what there is of the user', schema: { type: 'string', format: 'uuid', maxLength: 64 } },
  'X-Device-Token': { description: 'Proof that the user has logged in on this device; send it with the next login', schema: { type: 'string', maxLength: 512, pattern: '^[\\w.-]+$' } },
  'X-Rollcall-Claims-Skipped': { description: 'Claims of the token that a custom field’s type refused, URL-encoded, separated by commas', schema: { type: 'string', maxLength: 65_536 } },
  'Content-Disposition': { description: 'The name of the file', schema: { type: 'string', maxLength: 256 } },
  'Content-Security-Policy': { description: 'What the page may load: only what comes from here', schema: { type: 'string', maxLength: 1_024 } },
  'X-Content-Type-Options': { description: 'The content is what its type says', schema: { type: 'string', const: 'nosniff' } },
  'Referrer-Policy': { description: 'The page tells nobody where its reader came from', schema: { type: 'string', const: 'no-referrer' } },
} as const;

export type AnswerHeader = keyof typeof answerHeaders;
