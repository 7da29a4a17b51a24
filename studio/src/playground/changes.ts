import type { StepMark } from '../../../src/experiment/report/charts/step-marks.ts';
import type { Settings } from './settings.ts';

/** A setting that was changed while it learned. */
export interface Change extends StepMark {
  readonly key: keyof Settings;
  /** On the page's clock, in milliseconds. */
  readonly at: number;
}

/** What is moved again within this time is still the same change. */
const STILL_MOVING = 1000;
const NOT_LEARNED: readonly (keyof Settings)[] = ['epochs', 'speed', 'runtime', 'stop'];

/** The changes so far, and those from one choice of settings to another at a step. */
export function noted(
  changes: readonly Change[],
  step: number,
  before: Settings,
  after: Settings,
  now: number = performance.now(),
): readonly Change[] {
  if (step === 0) return [];
  const keys = (Object.keys(after) as (keyof Settings)[]).filter(
    (key) => after[key] !== before[key] && !NOT_LEARNED.includes(key),
  );
  const all = [...changes];
  for (const key of keys) {
    const last = all.at(-1);
    const same = last?.key === key && (last.step === step || now - last.at < STILL_MOVING);
    if (same) all.pop();
    all.push({ key, step: same ? last.step : step, at: now, label: labelOf(key, after) });
  }
  return all;
}

/** Methods by their name, numbers by what they are. */
function labelOf(key: keyof Settings, settings: Settings): string {
  const value = settings[key];
  if (typeof value === 'number') return `${key} ${String(value).replace('-', '−')}`;
  const [name] = value.split(':');
  return name === 'none' ? `${key} none` : name!;
}
