import { operations } from '#libs/contracts';
import type { FailureDetail } from '#libs/platform/errors';
import { delimiterOf, fieldsOf } from './csv-record.js';

type Kind = operations.ImportJob['kind'];
export type CellType = 'text' | 'number' | 'boolean';

/** A column: a field of the row, or a key of a bag in it. */
export interface ImportColumn {
  field: string;
  /** Of `attributes.plan`: `plan`. */
  key?: string;
  /** As the column says (`attributes.age:number`); absent: as the custom field is declared, else text. */
  type?: CellType;
}

/** What the first line of a CSV file says. */
export interface ImportHeader {
  delimiter: string;
  columns: ImportColumn[];
}

const mostColumns = 1_100;

/** Fields of a row, and those of them that are bags. What an export shows and nobody can set is left out when it comes back. */
export const rowFields = {
  users: {
    plain: ['id', 'email', 'phone', 'name', 'first_name', 'last_name', 'notes', 'city', 'country', 'region', 'timezone', 'created_at', 'is_account', 'lists'],
    bags: ['attributes', 'preferences'],
    ignored: ['user_id', 'user_name', 'is_active', 'roles', 'accounts', 'devices', 'segments', 'first_seen_at', 'last_seen_at', 'modified_at'],
    required: ['id'],
  },
  events: { plain: ['uid', 'id', 'event', 'value', 'timestamp'], bags: ['properties'], ignored: ['user_id'], required: ['uid', 'event'] },
} as const;

/** @throws Failure `import-file-refused` that names each wrong column */
export function readHeader(kind: Kind, text: string): ImportHeader {
  const delimiter = delimiterOf(text);
  const names = fieldsOf(text, delimiter)?.map((name) => name.trim());
  if (names === undefined) throw refusedFile('The first line is not valid CSV: something follows a closing quotation mark.');
  if (names.length > mostColumns) throw refusedFile(`A file may have ${mostColumns} columns, and this one has ${names.length}.`);
  const { required } = rowFields[kind];
  const details: FailureDetail[] = [];
  const columns = names.map((name, place): ImportColumn => {
    const column = columnOf(kind, name);
    if (column === undefined) details.push({ path: name.slice(0, 128), message: name === '' ? `is the name of column ${place + 1}, and must not be empty` : `is no column of ${kind}` });
    if (names.indexOf(name) < place) details.push({ path: name.slice(0, 128), message: 'is there twice' });
    return column ?? { field: name };
  });
  for (const field of required) if (!columns.some((column) => column.field === field)) details.push({ path: field, message: 'is a column that must be there' });
  if (details.length > 0) throw refusedFile('The names of columns in the first line are wrong, as details say.', details);
  return { delimiter, columns };
}

export function refusedFile(message: string, details?: FailureDetail[]) {
  return operations.operationsErrors.failure('import-file-refused', message, ...(details === undefined ? [] : [{ details: details.slice(0, 100) }]));
}

function columnOf(kind: Kind, name: string): ImportColumn | undefined {
  const [, path = '', type] = /^(.*?)(?::(text|number|boolean))?$/s.exec(name) ?? [];
  const { plain, bags, ignored } = rowFields[kind];
  const typed = type === undefined ? {} : { type: type as CellType };
  if ([...plain, ...ignored].some((field) => field === path)) return { field: path, ...(path === 'value' ? typed : {}) };
  const dot = path.indexOf('.');
  const [bag, key] = [path.slice(0, dot), path.slice(dot + 1)];
  return dot > 0 && key !== '' && bags.some((field) => field === bag) ? { field: bag, key, ...typed } : undefined;
}
