import type { SubmitEvent } from 'react';

/** A form's handler: what is to be done, without the page being loaded anew. */
export function submitting(act: () => void) {
  return (event: SubmitEvent) => {
    event.preventDefault();
    act();
  };
}
