import { type ParameterLayout, parseOptimiser } from '../../../src/engine/optimiser/index.ts';
import { initialise } from '../../../src/model/index.ts';
import { BestTracker } from '../../../src/optimization/early-stopping.ts';
import { type Checkpoint, THETA, type TrainingSetup } from '../../../src/optimization/index.ts';
import { buildTrainingStep, type TrainingStep } from '../../../src/optimization/training-step.ts';
import { unitRanges } from '../../../src/optimization/units.ts';

/** The graph of a setup's training step, of one seed. */
export function stepOf(setup: TrainingSetup): TrainingStep {
  return buildTrainingStep({
    ...setup.graph,
    optimiser: parseOptimiser(setup.optimiser),
    seeds: 1,
    rowsPerStep: setup.sampler.rowsPerStep,
    groups: 'replica',
    objective: setup.objective,
  });
}

/**
 * Where a training under other settings goes on from: parameters that are there by the same name and shape are kept with
 * their moments, others start anew; so does what the objective remembers.
 *
 * @param at where the training under the settings before was
 */
export function carryOver(at: Checkpoint, before: TrainingStep, setup: TrainingSetup): Checkpoint {
  const now = stepOf(setup);
  const { layout, parameters, states, carried } = now;
  const start = layout.write(initialise(parameters, setup.seeds));
  const state = Object.fromEntries([
    ...states.map((name) => {
      const fresh = name === THETA ? start : new Float32Array(start.length);
      return [name, kept(at.state[name], before.layout, fresh, layout)] as const;
    }),
    ...carried.map(({ name, start: own }) => [name, own] as const),
  ]);
  const tasks = setup.graph.tasks.map(({ name }) => name);
  const tracker = new BestTracker(unitRanges(setup.units, layout, parameters, tasks, 1), 1, state[THETA]!);
  const epoch = Math.min(setup.maxEpochs, Math.ceil(at.step / setup.sampler.stepsPerEpoch));
  return {
    epoch,
    step: epoch * setup.sampler.stepsPerEpoch,
    seconds: at.seconds,
    state,
    schedule: [{}],
    objective: { epochs: [[]] },
    best: tracker.state,
    history: [],
    finished: epoch >= setup.maxEpochs,
  };
}

/** The new state, with what the old one has for slices of the same name and shape. */
function kept(
  old: Float32Array | undefined,
  from: ParameterLayout,
  fresh: Float32Array,
  to: ParameterLayout,
): Float32Array {
  if (old === undefined) return fresh;
  const known = new Map(from.slices.map((slice) => [`${slice.name}/${slice.shape.join('×')}`, slice]));
  for (const { name, shape, start } of to.slices) {
    const own = known.get(`${name}/${shape.join('×')}`);
    if (own) fresh.set(old.subarray(own.start, own.end), start);
  }
  return fresh;
}
