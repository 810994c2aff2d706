import { Injectable } from '@nestjs/common';
import { sql, type Queryable, type Transaction } from '#libs/platform/database';

const list = sql('removal_marks.list', 'SELECT service, table_name AS "table", mark FROM removal_marks');
const put = sql(
  'removal_marks.put',
  `INSERT INTO removal_marks (service, table_name, mark) SELECT $1, key, value FROM jsonb_each_text($2::jsonb)
   ON CONFLICT ON CONSTRAINT removal_marks_pkey DO UPDATE SET mark = excluded.mark`,
);

/** All SQL of `removal_marks`. */
@Injectable()
export class RemovalMarksRepository {
  /** Marks by table, by service. */
  async list(on: Queryable): Promise<Map<string, Record<string, string>>> {
    const marks = new Map<string, Record<string, string>>();
    for (const { service, table, mark } of await on.query<{ service: string; table: string; mark: string }>(list)) marks.set(service, { ...marks.get(service), [table]: mark });
    return marks;
  }

  async put(tx: Transaction, service: string, marks: Readonly<Record<string, string>>): Promise<void> {
    await tx.execute(put, [service, JSON.stringify(marks)]);
  }
}
