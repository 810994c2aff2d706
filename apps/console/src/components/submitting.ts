import type { FormEvent } from 'react';

/** A form's handler: what is to be done, without the page being loaded anew. */
export function submitting(act: () => void) {
  return (event: FormEvent) => {
    event.preventDefault();
    act();
  };
}
