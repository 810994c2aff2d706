import { z } from 'zod';
import { errorCodes, type ErrorCode } from './error-codes.js';

/** What the surfaces' failures have in common. */
export const errorCode = z.enum(errorCodes as [ErrorCode, ...ErrorCode[]]).describe('What went wrong, for programs; each code has a page of its own under /docs/errors/');
export const failureMessage = z.string().describe('One sentence for the developer who reads it');
export const failureDetails = z.array(z.object({ path: z.string().describe('The place in your own words, as `users[3].profile.joined`; empty: the whole'), message: z.string() })).max(100).describe('Each mistake by itself, up to a hundred');
export const failedRequestId = z.string().describe('The `X-Request-Id` of the answer');
