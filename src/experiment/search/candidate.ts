import { parseConfig } from '../config.ts';
import type {
  ModelConfig,
  ObjectiveConfig,
  RunConfig,
  SamplingConfig,
  TrainingConfig,
} from '../run-config.ts';

/** Settings of a run that differ from those that it began with. */
export interface Settings {
  readonly model?: Partial<ModelConfig>;
  readonly training?: Partial<TrainingConfig>;
  readonly sampling?: Partial<SamplingConfig>;
  readonly objective?: ObjectiveConfig;
}

/** A whole way of learning the tasks, to be raced with others. */
export interface Candidate {
  /** What sets it apart; no two of a race have the same. */
  readonly name: string;
  readonly settings: Settings;
  /** Tasks that are learned together; default: all of them. */
  readonly groups?: readonly (readonly string[])[];
}

/** A candidate that begins where another one stands. */
export function changed(from: Candidate, { name, settings, groups }: Candidate): Candidate {
  return {
    name: `${from.name}, ${name}`,
    settings: mergeSettings(from.settings, settings),
    ...((groups ?? from.groups) && { groups: groups ?? from.groups! }),
  };
}

/** Both; where they differ, the second. */
export function mergeSettings(first: Settings, second: Settings): Settings {
  return {
    ...first,
    ...second,
    ...((first.model || second.model) && { model: { ...first.model, ...second.model } }),
    ...((first.training || second.training) && { training: { ...first.training, ...second.training } }),
    ...((first.sampling || second.sampling) && { sampling: { ...first.sampling, ...second.sampling } }),
  };
}

/** The config of a run with a candidate's settings over its own. */
export function configOf(config: RunConfig, { model, training, sampling, objective }: Settings): RunConfig {
  const { data, ...rest } = config;
  const merged = parseConfig({
    ...rest,
    data: null,
    model: { ...config.model, ...model },
    training: { ...config.training, ...training },
    sampling: { ...config.sampling, ...sampling },
    ...(objective !== undefined && { objective }),
  });
  return { ...merged, data };
}

/** Settings by their paths, such as `model.sharing`: what a user has said stays as it is. */
export function pathsOf(settings: object, sections: readonly string[] = SECTIONS): string[] {
  return Object.entries(settings).flatMap(([key, value]) =>
    sections.includes(key)
      ? Object.keys(value ?? {}).map((own) => `${key}.${own}`)
      : value === undefined
        ? []
        : [key],
  );
}

const SECTIONS = ['model', 'training', 'sampling'];
