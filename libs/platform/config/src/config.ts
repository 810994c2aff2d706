import type { z } from 'zod';
import { StartupError } from '#libs/platform/errors';

export type Environment = Readonly<Record<string, string | undefined>>;

type Shape = Record<string, z.ZodType>;

/** What one module wants from the environment. Each key is the variable's name; its `.describe()` text is its documentation. */
export interface ConfigDefinition<S extends Shape = Shape> {
  readonly name: string;
  readonly shape: S;
  /** Dependency-injection token under which the parsed values are provided. */
  readonly token: symbol;
  /** Odd combinations that work but are hardly meant: logged once as warnings. */
  readonly warnings: (values: never) => ConfigWarning[];
}

export interface ConfigWarning {
  message: string;
  explain: string;
}

export type ConfigValues<D> = D extends ConfigDefinition<infer S> ? { readonly [K in keyof S]: z.output<S[K]> } : never;

/** Declares a module's configuration. The environment itself is read in one place, at the start of the process. */
export function defineConfig<const S extends Shape>(
  name: string,
  shape: S,
  warnings: (values: { readonly [K in keyof S]: z.output<S[K]> }) => ConfigWarning[] = () => [],
): ConfigDefinition<S> {
  return { name, shape, token: Symbol.for(`rollcall.config.${name}`), warnings };
}

export interface ReadConfig {
  /** Parsed values by definition token. */
  values: Map<symbol, Record<string, unknown>>;
  warnings: ConfigWarning[];
}

/**
 * Parses every definition at once. An empty variable counts as absent, as compose files and shells produce them.
 * @throws StartupError that names every wrong variable, so that one start shows all mistakes
 */
export function readConfig(definitions: readonly ConfigDefinition[], environment: Environment): ReadConfig {
  const values = new Map<symbol, Record<string, unknown>>();
  const mistakes: string[] = [];
  const warnings: ConfigWarning[] = [];
  for (const definition of definitions) {
    const parsed: Record<string, unknown> = {};
    const before = mistakes.length;
    for (const [variable, type] of Object.entries(definition.shape)) {
      const raw = environment[variable];
      const result = type.safeParse(raw === '' ? undefined : raw);
      if (result.success) parsed[variable] = result.data;
      else mistakes.push(`${variable} ${raw === undefined || raw === '' ? 'is not set: it' : 'is wrong: it'} ${result.error.issues.map((issue) => issue.message).join(', ')}`);
    }
    values.set(definition.token, Object.freeze(parsed));
    if (mistakes.length === before) warnings.push(...definition.warnings(parsed as never));
  }
  if (mistakes.length > 0) throw new StartupError(`${[...new Set(mistakes)].join('; ')}.`);
  return { values, warnings };
}
