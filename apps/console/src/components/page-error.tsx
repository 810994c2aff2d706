import { Button } from '@mantine/core';
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { messageOf, Problem } from '../api/problem.js';
import { Empty } from './empty.js';

/** In place of a page that broke, so that the rest of the console goes on. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const again = () => {
    reset();
    void router.invalidate();
  };
  // A page of a build that is gone: its files have other names now.
  const isOldPage = /dynamically imported module|Importing a module/i.test(messageOf(error));
  return (
    <Failed error={isOldPage ? new Error('Rollcall was updated since you opened this page.') : error} again={isOldPage ? () => location.reload() : again} />
  );
}

/**
 * Whether there is nothing to show but why. What was loaded once stays when it can't be loaded anew, with what was typed there: the
 * shell says that it may be old. What is gone, or may not be seen any more, does not stay.
 */
export function failed({ isError, error, data }: { isError: boolean; error: unknown; data: unknown }): boolean {
  return isError && (data === undefined || (error instanceof Problem && (error.status === 403 || error.status === 404)));
}

/** What could not be loaded, what to do, and what to tell whoever helps. */
export function Failed({ error, again }: { error: unknown; again?: () => void }) {
  const isRefused = error instanceof Problem && error.status === 403;
  const isMissing = error instanceof Problem && error.status === 404;
  const title = isRefused ? 'You may not see this' : isMissing ? 'There is no such thing here' : 'This could not be loaded';
  const help = isRefused ? 'An administrator of the organisation or project can give you a role that may.' : isMissing ? 'It was removed, or it is in another project or organisation.' : undefined;
  return (
    <Empty icon={isRefused ? 'lock' : 'alert'} title={title} role="alert">
      <p>{messageOf(error)}</p>
      {help !== undefined && <p>{help}</p>}
      {error instanceof Problem && error.requestId !== undefined && !isRefused && !isMissing && (
        <p>
          If it goes on, tell the operators the request id <code>{error.requestId}</code>.
        </p>
      )}
      {again !== undefined && !isRefused && !isMissing && (
        <Button variant="default" onClick={again}>
          Try again
        </Button>
      )}
    </Empty>
  );
}
