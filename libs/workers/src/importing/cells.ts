import type { profiles, Scalar } from '#libs/contracts';
import type { CellType, ImportHeader } from './import-header.js';

/** Types that a cell of a custom field is read as, by its name. */
export type DeclaredTypes = ReadonlyMap<string, profiles.FieldType>;

const numberText = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/;
/** Ids of lists in one cell. */
const betweenLists = /[\s;|,]+/;

/** The row that the cells of a line of CSV are, as a line of NDJSON would have it. An empty cell is no value. */
export function objectOf({ columns }: ImportHeader, cells: readonly string[], declared: DeclaredTypes): Record<string, unknown> {
  const row: [string, unknown][] = [];
  const bags = new Map<string, [string, unknown][]>();
  columns.forEach(({ field, key, type }, place) => {
    const cell = cells[place] ?? '';
    if (cell === '') return;
    if (key === undefined) row.push([field, plainValue(field, cell, type)]);
    else {
      const isTrueOrFalse = field === 'preferences' && key === 'notificationsEnabled';
      const own = type ?? (isTrueOrFalse ? 'boolean' : field === 'attributes' ? declaredType(declared.get(key)) : 'text');
      bags.set(field, [...(bags.get(field) ?? []), [key, scalarOf(cell, own)]]);
    }
  });
  // Of entries: a key that is called __proto__ is one like any other.
  return Object.fromEntries([...row, ...[...bags].map(([field, entries]): [string, unknown] => [field, Object.fromEntries(entries)])]);
}

function plainValue(field: string, cell: string, type: CellType = 'text'): unknown {
  if (field === 'is_account') return scalarOf(cell, 'boolean');
  if (field === 'lists') return cell.split(betweenLists).filter((id) => id !== '');
  return field === 'value' ? scalarOf(cell, type) : cell;
}

function declaredType(type: profiles.FieldType | undefined): CellType {
  return type === 'number' || type === 'boolean' ? type : 'text';
}

/** What does not read as the type stays a text, so that whoever checks the row says what it must be. */
function scalarOf(cell: string, type: CellType): Scalar {
  if (type === 'number' && numberText.test(cell)) return Number(cell);
  if (type === 'boolean' && /^(true|false)$/i.test(cell)) return cell.toLowerCase() === 'true';
  return cell;
}
