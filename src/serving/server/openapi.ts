import type { Generation } from './generation.ts';
import type { Settings } from './options.ts';

/** The server as OpenAPI 3.1. */
export function openApiOf(_generation: Generation, _settings: Settings): object {
  return {};
}
