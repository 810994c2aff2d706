/** How the API reference shows a parameter that is a whole number: it arrives as text, and its schema would say no more than that. */
export function wholeNumberMeta(minimum: number, maximum: number, standard?: number) {
  return { type: 'integer', format: 'int32', minimum, maximum, ...(standard === undefined ? {} : { default: standard }) } as const;
}
