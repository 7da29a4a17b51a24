import { STOPS } from './stops.ts';

/** All that can be chosen: plain values, which are the address of the page. */
export interface Settings {
  readonly problem: string;
  /** Of a file: names of the columns to predict, with | between them. */
  readonly targets: string;
  /** p, how related the tasks are: 1 for the same, −1 for opposite ones. */
  readonly related: number;
  /** The share of the training rows that have a label of the last task. */
  readonly labels: number;
  readonly rows: number;
  readonly noise: number;
  /** As on the command line, such as `mmoe:experts=4`; likewise those below. */
  readonly sharing: string;
  readonly conditioning: string;
  readonly objective: string;
  readonly sampling: string;
  readonly width: number;
  readonly depth: number;
  readonly rate: number;
  readonly batch: number;
  readonly seed: number;
  /** Passes over the training rows after which training rests. */
  readonly epochs: number;
  /** Passes a second while it plays; 0 for as many as there can be. */
  readonly speed: number;
  /** `wasm`, or `webgpu` where the browser has it; what was learned stays. */
  readonly runtime: string;
  /** Of the course; 0 beside it. */
  readonly stop: number;
}

export const DEFAULTS: Settings = {
  problem: 'regressions',
  targets: '',
  related: 0.5,
  labels: 1,
  rows: 400,
  noise: 0.1,
  sharing: 'shared-bottom',
  conditioning: 'none',
  objective: 'equal',
  sampling: 'proportional',
  width: 16,
  depth: 2,
  rate: 0.01,
  batch: 40,
  seed: 0,
  epochs: 500,
  speed: 60,
  runtime: 'wasm',
  stop: 0,
};

interface Range {
  readonly least: number;
  readonly most: number;
  readonly whole?: boolean;
}

/** What numbers may be: a link from elsewhere must not ask for a model that fills the memory. */
export const RANGES: {
  readonly [key in keyof Settings as Settings[key] extends number ? key : never]: Range;
} = {
  related: { least: -1, most: 1 },
  labels: { least: 0.02, most: 1 },
  rows: { least: 20, most: 4000, whole: true },
  noise: { least: 0, most: 2 },
  width: { least: 1, most: 128, whole: true },
  depth: { least: 1, most: 4, whole: true },
  rate: { least: 1e-5, most: 1 },
  batch: { least: 1, most: 4000, whole: true },
  seed: { least: 0, most: 2 ** 31, whole: true },
  epochs: { least: 1, most: 5000, whole: true },
  speed: { least: 0, most: 1000 },
  stop: { least: 0, most: 10, whole: true },
};

/** A number as near to what was asked for as its range allows; the default for what is none. */
export function within(key: keyof typeof RANGES, value: number): number {
  if (!Number.isFinite(value)) return DEFAULTS[key];
  const { least, most, whole } = RANGES[key];
  const near = Math.min(most, Math.max(least, value));
  return whole ? Math.round(near) : near;
}

/** What an address leaves out: what the stop of the course sets that it names, all else as by default. */
export function defaultsAt(stop: number): Settings {
  const { query = '' } = STOPS[stop - 1] ?? {};
  return { ...read(query, DEFAULTS), stop };
}

/** @param query of an address; what is not in it is as its stop sets it, or by default */
export function settingsOf(query: string): Settings {
  const { stop } = read(query, DEFAULTS);
  return read(query, defaultsAt(stop));
}

function read(query: string, defaults: Settings): Settings {
  const given = new URLSearchParams(query);
  const entries = Object.entries(defaults).map(([key, value]) => {
    const text = given.get(key);
    if (text === null) return [key, value];
    return [key, key in RANGES ? within(key as keyof typeof RANGES, Number.parseFloat(text)) : text];
  });
  return Object.fromEntries(entries) as Settings;
}

/** The query of an address: the stop, and what is not as it would be without being said. */
export function queryOf(settings: Settings): string {
  const { stop } = settings;
  const defaults = { ...defaultsAt(stop), stop: DEFAULTS.stop };
  const own = Object.entries(settings).filter(([key, value]) => value !== defaults[key as keyof Settings]);
  const query = new URLSearchParams(own.map(([key, value]) => [key, String(value)]));
  return own.length === 0 ? '' : `?${query.toString().replaceAll('%3A', ':').replaceAll('%3D', '=')}`;
}
