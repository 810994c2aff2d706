import { z } from 'zod';
import { defineConfig } from '#libs/platform/config';

export const loggingConfig = defineConfig('logging', {
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], { error: 'must be one of trace, debug, info, warn, error, silent' })
    .default('info')
    .describe('How much is logged: trace, debug, info, warn, error or silent'),
  LOG_FORMAT: z.enum(['json', 'text'], { error: 'must be json or text' }).optional().describe('json, or text to read by eye; default: text in a terminal, else json'),
});
