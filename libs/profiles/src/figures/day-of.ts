/** @param moment ISO 8601 in UTC, as columns and checked events have it @returns its day */
export function dayOf(moment: string): string {
  return moment.slice(0, 10);
}
