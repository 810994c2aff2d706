import { Alert } from '@mantine/core';
import { messageOf, Problem } from '../api/problem.js';
import { Icon } from './icon.js';

/** Why something that was sent was refused, beside the form that sent it. */
export function ProblemNote({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  const wait = error instanceof Problem && error.status === 429 ? error.retryAfterSeconds : undefined;
  return (
    <Alert color="red" variant="light" icon={<Icon name="alert" />} role="alert">
      {messageOf(error)}
      {wait !== undefined && ` Try again in ${wait < 90 ? `${wait} seconds` : `${Math.ceil(wait / 60)} minutes`}.`}
    </Alert>
  );
}

/** What the API says of one field of a form. */
export function fieldError(error: unknown, field: string): string | undefined {
  if (!(error instanceof Problem)) return undefined;
  const said = error.byField[field];
  return said === undefined ? undefined : `${said.charAt(0).toUpperCase()}${said.slice(1)}`;
}
