import { PolytaskError, suggest } from '../../../common/error.ts';
import { type ConstantOptions, constant } from './constant.ts';
import { type CosineOptions, cosine } from './cosine.ts';
import { type ExponentialOptions, exponential } from './exponential.ts';
import { type OneCycleOptions, oneCycle } from './one-cycle.ts';
import { type PlateauOptions, plateau } from './plateau.ts';
import type { Schedule } from './schedule.ts';
import { type StepOptions, step } from './step.ts';
import { type WarmupOptions, withWarmup } from './warmup.ts';

interface OptionsOf {
  constant: ConstantOptions;
  cosine: CosineOptions;
  step: StepOptions;
  exponential: ExponentialOptions;
  'one-cycle': OneCycleOptions;
  plateau: PlateauOptions;
}

export type ScheduleName = keyof OptionsOf;

/** Every schedule by name. */
export const schedules: { readonly [N in ScheduleName]: (options: OptionsOf[N]) => Schedule } = {
  constant,
  cosine,
  step,
  exponential,
  'one-cycle': oneCycle,
  plateau,
};

/**
 * A schedule as plain data, such as `{ kind: 'cosine', steps: 1000, warmup: 50 }`; `warmup` (steps, or options of
 * `withWarmup`) goes in front of any.
 */
export type ScheduleSpec = {
  [N in ScheduleName]: {
    readonly kind: N;
    readonly warmup?: number | WarmupOptions;
  } & OptionsOf[N];
}[ScheduleName];

/**
 * The schedule that a spec, or a bare name, describes.
 *
 * @throws `schedule-invalid` for an unknown name, an unknown option or an option out of range
 * @example
 * const schedule = parseSchedule({ kind: 'cosine', steps: 1000, warmup: 50 });
 * const rate = 1e-3 * schedule.multiplier(1, schedule.initial);
 */
export function parseSchedule(spec: ScheduleSpec | ScheduleName): Schedule {
  const { kind, warmup, ...options } = typeof spec === 'string' ? { kind: spec, warmup: undefined } : spec;
  if (!Object.hasOwn(schedules, kind))
    throw new PolytaskError('schedule-invalid', {
      path: 'schedule.kind',
      expected: 'the name of a schedule',
      found: String(kind),
      help: suggest(String(kind), Object.keys(schedules)),
    });
  const schedule = (schedules[kind] as (options: object) => Schedule)(options);
  if (warmup === undefined || warmup === 0) return schedule;
  return withWarmup(typeof warmup === 'number' ? { steps: warmup } : warmup, schedule);
}

export type { Schedule, ScheduleState } from './schedule.ts';
