import type { JSX } from 'preact';
import { Slider } from './fields.tsx';
import { PROBLEMS } from './problems/index.ts';
import { type RANGES, type Settings, within } from './settings.ts';
import type { Playground } from './store.ts';

/** A setting that a slider turns: how far, how it reads, and where it stands on the slider if that is not its value. */
interface Turn {
  readonly label: string;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly shown?: (value: number) => string;
  readonly place?: { readonly to: (value: number) => number; readonly from: (place: number) => number };
}

const TURNS = {
  related: {
    label: 'How related the tasks are',
    least: -1,
    most: 1,
    step: 0.05,
    shown: (value) => value.toFixed(2).replace('-', '−'),
  },
  rows: { label: 'Training rows', least: 20, most: 2000, step: 20 },
  labels: {
    label: 'Labels of the last task',
    least: 0.05,
    most: 1,
    step: 0.05,
    shown: (share) => `${Math.round(100 * share)} %`,
  },
  noise: { label: 'Noise', least: 0, most: 1, step: 0.05 },
  width: { label: 'Width', least: 2, most: 64, step: 2 },
  depth: { label: 'Layers', least: 1, most: 4, step: 1 },
  rate: {
    label: 'Learning rate',
    least: -4,
    most: -0.5,
    step: 0.25,
    shown: (rate) => String(Number(rate.toPrecision(2))),
    place: { to: Math.log10, from: (power) => Number((10 ** power).toPrecision(3)) },
  },
} satisfies { readonly [key in keyof typeof RANGES]?: Turn };

export type Turned = keyof typeof TURNS;

/** The slider of a setting. */
export function TurnOf({ of: playground, by: key }: { of: Playground; by: Turned }): JSX.Element {
  const settings: Settings = playground.settings.value;
  const { label, least, most, step, shown = String, place }: Turn = TURNS[key];
  const own = key === 'related' ? PROBLEMS[settings.problem]?.related : undefined;
  return (
    <Slider
      label={own ?? label}
      value={place ? place.to(settings[key]) : settings[key]}
      least={least}
      most={most}
      step={step}
      shown={shown(settings[key])}
      onChange={(at) => playground.change({ [key]: within(key, place ? place.from(at) : at) })}
    />
  );
}
