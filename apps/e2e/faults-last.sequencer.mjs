import sequencerModule from '@jest/test-sequencer';

const Sequencer = sequencerModule.default ?? sequencerModule;

/** The specs that break the shared platform come after those that use it. */
export default class FaultsLast extends Sequencer {
  sort(tests) {
    const breaks = ({ path }) => Number(path.includes('.faults.'));
    return [...super.sort(tests)].sort((one, other) => breaks(one) - breaks(other));
  }
}
