import { readConfig, type ConfigDefinition, type ConfigValues } from './config.js';

/**
 * What the environment of this process says to one definition: for programs that are no part of a deployment.
 * @throws StartupError that names every wrong variable
 */
export function readEnvironment<D extends ConfigDefinition>(definition: D): ConfigValues<D> {
  return readConfig([definition], process.env).values.get(definition.token) as ConfigValues<D>;
}
