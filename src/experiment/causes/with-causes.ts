import { findCauses, withReasons } from '../../diagnosis/index.ts';
import type { RunResult } from '../result.ts';
import type { RunConfig } from '../run-config.ts';
import { measuredOf } from './measured.ts';

/** A result with what it tells of why sharing helped or hurt; one without a comparison stays as it is. */
export function withCauses(result: RunResult, config: RunConfig): RunResult {
  const measured = measuredOf(result, config);
  if (measured === undefined || result.diagnosis === undefined) return result;
  const causes = findCauses(measured);
  const { diagnosis } = result;
  const words = withReasons(diagnosis.words, diagnosis.verdict, causes);
  return { ...result, causes, diagnosis: { ...diagnosis, words } };
}
