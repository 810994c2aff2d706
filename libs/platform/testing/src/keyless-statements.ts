import type { Statement } from '#libs/platform/database';

/** Tables that are spread over servers by the value of a column. */
export type SpreadTables = Readonly<Record<string, string>>;

/**
 * Names of the statements that read or write a spread table without a word of its column, so that every server would have to be asked.
 * It looks at words, not at meaning: who names the column of one table only for another is not found out.
 */
export function keylessStatements(statements: readonly Statement[], tables: SpreadTables): string[] {
  const all = Object.entries(tables);
  return statements.filter(({ text }) => all.some(([table, column]) => uses(text, table) && !new RegExp(`\\b${column}\\b`).test(text))).map(({ name }) => name);
}

/** Names that more than one statement has: a connection would run the one for the other. */
export function doubleNames(statements: readonly Statement[]): string[] {
  const texts = new Map<string, string>();
  return statements.filter(({ name, text }) => {
    const before = texts.get(name);
    texts.set(name, text);
    return before !== undefined && before !== text;
  }).map(({ name }) => name);
}

function uses(text: string, table: string): boolean {
  return new RegExp(`\\b(?:from|join|into|update|using)\\s+(?:only\\s+)?${table}\\b`, 'i').test(text);
}
