/** What may stand between fields; the first line of a file says which it is. */
export const csvDelimiters = [',', ';', '\t'] as const;

/**
 * The fields of a row of CSV (RFC 4180). A quotation mark in the middle of a field that does not begin with one is a character like any other.
 * @returns undefined when something follows the quotation mark that closes a field
 */
export function fieldsOf(text: string, delimiter: string): string[] | undefined {
  const fields: string[] = [];
  for (let at = 0; ; ) {
    if (text[at] !== '"') {
      const end = text.indexOf(delimiter, at);
      fields.push(end < 0 ? text.slice(at) : text.slice(at, end));
      if (end < 0) return fields;
      at = end + 1;
      continue;
    }
    let end = text.indexOf('"', at + 1);
    while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
    if (end < 0) return undefined;
    fields.push(text.slice(at + 1, end).replaceAll('""', '"'));
    if (end + 1 === text.length) return fields;
    if (text[end + 1] !== delimiter) return undefined;
    at = end + 2;
  }
}

/** The delimiter that the first line has most of, outside quotation marks. */
export function delimiterOf(text: string): string {
  const bare = text.replaceAll(/"[^"]*"/g, '');
  const counts = csvDelimiters.map((delimiter) => bare.split(delimiter).length);
  return csvDelimiters[counts.indexOf(Math.max(...counts))]!;
}
