/**
 * Something that takes steps: what is compared.
 *
 * @typedef {object} Subject
 * @property {string} name
 * @property {(steps: number) => Promise<void>} take
 * @property {number} [chunk] steps that belong together: only whole chunks are timed
 * @property {() => Promise<void>} [close]
 *
 * @typedef {object} Times numbers by round
 * @property {number[]} wall seconds a step
 * @property {number[]} cpu seconds of processor time a step, of all threads together
 */

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Times subjects in turn, round after round: what disturbs the machine disturbs all of them alike, so that the ratios
 * within a round say more than the times do.
 *
 * @param {readonly Subject[]} subjects
 * @param {{ rounds: number, seconds: number }} options seconds that one subject takes in one round
 * @returns {Promise<Record<string, Times>>}
 */
export async function measure(subjects, { rounds, seconds }) {
  const times = Object.fromEntries(subjects.map(({ name }) => [name, { wall: [], cpu: [] }]));
  const steps = {};
  for (const { name, take, chunk = 1 } of subjects) {
    const first = await time(take, 1);
    // Steps enough to warm up on, and to count by.
    const some = Math.max(1, Math.min(50, Math.round(seconds / 2 / first.wall)));
    const enough = seconds / (await time(take, some)).wall;
    steps[name] = Math.max(1, Math.round(enough / chunk)) * chunk;
  }
  for (let round = 0; round < rounds; round++)
    for (const { name, take } of subjects) {
      const { wall, cpu } = await time(take, steps[name]);
      times[name].wall.push(wall);
      times[name].cpu.push(cpu);
    }
  return times;
}

async function time(take, steps) {
  const before = process.cpuUsage();
  const start = performance.now();
  await take(steps);
  const wall = (performance.now() - start) / 1000 / steps;
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / 1e6 / steps };
}

/**
 * a/b in three ways: the median over rounds, between the best rounds of each, and in processor time, which counts two
 * threads twice but is least disturbed.
 */
export function ratios(a, b) {
  return {
    median: digits(median(a.wall.map((value, round) => value / b.wall[round]))),
    best: digits(Math.min(...a.wall) / Math.min(...b.wall)),
    cpu: digits(median(a.cpu.map((value, round) => value / b.cpu[round]))),
  };
}

/** More digits than are sure. */
export const digits = (value) => Number(value.toPrecision(4));
