import type { Setting } from '../../diagnosis/index.ts';
import type { RunConfig } from '../run-config.ts';

/** A config with some settings changed, each at its path; the rest is as it was. */
export function withSettings(config: RunConfig, settings: readonly Setting[]): RunConfig {
  return settings.reduce(
    (changed, { path, value }) => put(changed, path.split('.'), value) as RunConfig,
    config,
  );
}

function put(target: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const own = (target ?? {}) as Readonly<Record<string, unknown>>;
  return { ...own, [key]: put(own[key], rest, value) };
}
