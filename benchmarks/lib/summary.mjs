import { digits, median } from './measure.mjs';

/**
 * @param {import('./measure.mjs').Times} times
 * @param {number} [flops] of one step
 */
export function summary({ wall, cpu }, flops) {
  return {
    microseconds: digits(median(wall) * 1e6),
    bestMicroseconds: digits(Math.min(...wall) * 1e6),
    cpuMicroseconds: digits(median(cpu) * 1e6),
    ...(flops && {
      gigaflopsPerSecond: digits(flops / median(wall) / 1e9),
      bestGigaflopsPerSecond: digits(flops / Math.min(...wall) / 1e9),
    }),
  };
}
