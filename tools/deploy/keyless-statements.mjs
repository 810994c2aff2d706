/**
 * Names of the statements that read or write a spread table without a word of its column, so that every server would have to be asked.
 * It looks at words, not at meaning: who names the column of one table only for another is not found out.
 *
 * @param {readonly { name: string, text: string }[]} statements
 * @param {Readonly<Record<string, string>>} tables that are spread over servers, each with the column by whose value
 */
export function keylessStatements(statements, tables) {
  return statements.filter(({ text }) => Object.entries(tables).some(([table, column]) => uses(text, table) && !new RegExp(`\\b${column}\\b`).test(text))).map(({ name }) => name);
}

/** Names that more than one statement has: a connection would run the one for the other. */
export function doubleNames(statements) {
  const texts = new Map();
  return statements
    .filter(({ name, text }) => {
      const before = texts.get(name);
      texts.set(name, text);
      return before !== undefined && before !== text;
    })
    .map(({ name }) => name);
}

/** Whether the one may be the other, of which pg_stat_statements leaves out what is asked for. */
export function sameStatement(one, other) {
  return withoutValues(one) === withoutValues(other);
}

function withoutValues(text) {
  return text
    .replace(/\/\*, \.\.\. \*\//g, '')
    .replace(/'(?:[^']|'')*'|\$\d+|\b(?:\d+(?:\.\d+)?|true|false|null)\b/gi, '?')
    .replace(/\?(?:\s*,\s*\?)+/g, '?')
    .replace(/\s+/g, ' ')
    .replace(/ \)/g, ')')
    .trim();
}

function uses(text, table) {
  return new RegExp(`\\b(?:from|join|into|update|using)\\s+(?:only\\s+)?${table}\\b`, 'i').test(text);
}
