export interface TestPostgres {
  /** `postgres://…/postgres`, of the superuser. */
  readonly url: string;
}

/**
 * A real Postgres, the embedded one: that of the whole run, which `tools/unit-set-up.mjs` starts. Whoever stops or breaks a
 * server starts one of their own.
 * @throws Error outside of a run of unit specs
 */
export function testPostgres(): TestPostgres {
  const url = process.env['ROLLCALL_TEST_POSTGRES'];
  if (url === undefined) throw new Error('There is no Postgres of the run: its global set-up starts one.');
  return { url };
}
