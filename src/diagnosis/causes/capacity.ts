import { relativeChange } from '../delta.ts';
import { list, percent } from '../phrases.ts';
import { EQUAL_MARGIN } from '../verdict.ts';
import { type CauseRule, strengthOf } from './cause.ts';
import { type Measured, overSeeds, positions } from './measured.ts';

/**
 * A shared network too small for all that is asked of it: twice as wide, the joint model gains and the separate ones do not,
 *
 *   D = Δ(joint, twice as wide ÷ as it is) − Δ(alone, twice as wide ÷ as they are),
 *
 * mean relative changes of the validation metric in per cent. What only too short a network or too short a training
 * explains is gained on both sides and cancels. Both ends of the interval over seeds must lie above 0, and its mean
 * above 1 %, which is what a verdict takes for no difference.
 *
 * S. Wu, H. Zhang, C. Ré: Understanding and improving information transfer in multi-task learning. ICLR 2020.
 */
export const capacity: CauseRule = {
  code: 'capacity',
  title: 'Too little capacity',
  statistic: 'what a network twice as wide gains together, less what it gains alone, in per cent',
  rule: 'above 1 %, and above 0 with its whole 95 % interval over seeds',
  advice: 'twice the width; experts',
  applies: ({ width, multi }) => width !== undefined && multi.validation.length > 1,
  find: (measured) => {
    const all = measured.tasks.map((_, t) => t);
    const gain = meanGain(measured, all);
    if (gain?.low == null || gain.low <= 0 || gain.mean <= EQUAL_MARGIN) return undefined;
    const own = positions(measured.tasks, (_, t) => (meanGain(measured, [t])?.low ?? 0) > 0);
    const tasks = (own.length > 0 ? own : all).map((t) => measured.tasks[t]!.name);
    const { hidden } = measured.width!;
    return {
      code: 'capacity',
      bearing: 'hurts',
      tasks,
      statistic: {
        name: 'gain by width, together less alone (%)',
        value: gain.mean,
        threshold: EQUAL_MARGIN,
      },
      strength: strengthOf(gain.mean, EQUAL_MARGIN),
      sentence: `The shared network is too narrow: twice as wide, together gains ${percent(gain.mean)} more than apart does.`,
      advice: [
        {
          settings: [{ path: 'model.hidden', value: [...hidden] }],
          sentence: `Make the trunk twice as wide, ${hidden.join(', ')}.`,
        },
        ...(measured.settings.sharing === 'mmoe'
          ? []
          : [
              {
                settings: [{ path: 'model.sharing', value: 'mmoe' }],
                sentence: `Give ${list(tasks)} experts to choose from.`,
              },
            ]),
      ],
    };
  },
};

/** D of some tasks, its mean over them, with its interval over seeds. */
function meanGain(
  { multi, independent, width, tasks }: Measured,
  some: readonly number[],
): ReturnType<typeof overSeeds> {
  return overSeeds(multi.validation.length, (seed) => {
    const gains = some.flatMap((t) => {
      const change = (wide: typeof multi.validation, narrow: typeof multi.validation): number | null =>
        relativeChange(wide[seed]?.[t] ?? null, narrow[seed]?.[t] ?? null, tasks[t]!.higherIsBetter);
      const together = change(width!.multi, multi.validation);
      const alone = change(width!.independent, independent.validation);
      return together === null || alone === null ? [] : [together - alone];
    });
    return gains.length === 0 ? null : gains.reduce((a, b) => a + b, 0) / gains.length;
  });
}
