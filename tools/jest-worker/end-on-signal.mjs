// Loaded into every process of jest: when a run is cut off, the servers that it and its specs have started end before it does.
// They lead process groups of their own, so that a signal to its group does not reach them.
import { endChildren } from '../end-children.mjs';

/** Jest replaces it while specs run, by one that complains. */
const exit = process.exit.bind(process);

for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) {
  process.once(signal, () => {
    process.once('exit', () => endChildren(5_000));
    exit(code);
  });
}
