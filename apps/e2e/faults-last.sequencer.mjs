import sequencerModule from '@jest/test-sequencer';

const Sequencer = sequencerModule.default ?? sequencerModule;

/** The specs that break the shared platform come after those that use it; between them, those that look at what all the others left. */
export default class FaultsLast extends Sequencer {
  sort(tests) {
    const turn = ({ path }) => (path.includes('.faults.') ? 2 : path.includes('.last.') ? 1 : 0);
    return [...super.sort(tests)].sort((one, other) => turn(one) - turn(other));
  }
}
