import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { affinityFrom, chooseGroups } from '../src/diagnosis/index.ts';
import {
  adviseRun,
  parseConfig,
  type RunConfigInput,
  type RunResult,
  runFit,
  withSettings,
} from '../src/experiment/index.ts';
import { type KnownProblem, knownProblems } from './support/known-problems.ts';

const folder = mkdtempSync(join(tmpdir(), 'polytask-causes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The first of forty seeds; others can be tried. */
const FROM = Number(process.env.POLYTASK_KNOWN_SEED ?? 1);

test('of forty problems with a known answer, at least nine in ten are answered right', async () => {
  const wrong: string[] = [];
  const problems = knownProblems(FROM);
  for (const problem of problems) {
    const result = await answered(problem);
    const found = mistakes(problem, result);
    if (found.length > 0) wrong.push(`${problem.family} ${problem.seed}: ${found.join('; ')}`);
  }
  const right = problems.length - wrong.length;
  console.info([`${right} of ${problems.length} known problems are answered right.`, ...wrong].join('\n'));
  expect(problems).toHaveLength(40);
  expect(right, wrong.join('\n')).toBeGreaterThanOrEqual(36);
}, 600_000);

/** By the way of every run: fit, then advise, with models of twice the width where that is what tells. */
async function answered({ family, seed, input, probe = false }: KnownProblem): Promise<RunResult> {
  const out = join(folder, `${family}-${seed}`);
  const { run } = await runFit({ ...input, out } as unknown as RunConfigInput);
  const { result } = await adviseRun(run, { probe, data: input.data });
  rmSync(out, { recursive: true });
  return result;
}

/** What an answer gets wrong, in words. */
function mistakes({ input, answer }: KnownProblem, { diagnosis, causes, multi }: RunResult): string[] {
  const { verdict, delta, tasks } = diagnosis!;
  const { found } = causes!;
  const told = found.filter(({ code }) => answer.causes?.includes(code) ?? false);
  const against = found.find(({ bearing }) => bearing === 'hurts');
  const affinity = affinityFrom(multi.observed!.affinity.values);
  const groups = answer.groups && chooseGroups(affinity, { most: 2, overlap: false }).groups;
  const beyond = Math.max(Math.abs(delta?.low ?? 0), Math.abs(delta?.high ?? 0));
  // Whatever is advised can be asked for.
  for (const { settings } of found.flatMap(({ advice }) => advice))
    parseConfig(withSettings(parseConfig(input), settings));
  const checks: readonly (readonly [boolean, string])[] = [
    [answer.verdicts.includes(verdict), `${verdict}: ${tasks.map(({ effect }) => effect).join(', ')}`],
    [answer.causes === undefined || told.length > 0, `found ${found.map(({ code }) => code).join(', ')}`],
    [told.every((cause) => fits(cause.tasks, answer.tasks)), `blames ${told[0]?.tasks}`],
    [told.every(({ layers }) => fits(layers, answer.layers)), `in ${told[0]?.layers}`],
    [fits(groups, answer.groups), `groups ${JSON.stringify(groups)}`],
    [answer.equal !== true || verdict !== 'share' || beyond <= 1, `share, by ${beyond} %`],
    [answer.equal !== true || against === undefined, `${against?.code} speaks against sharing`],
  ];
  return checks.flatMap(([holds, words]) => (holds ? [] : [words]));
}

/** Whether something is as it should be, where that is known. */
const fits = (found: unknown, right: unknown): boolean =>
  right === undefined || JSON.stringify(found) === JSON.stringify(right);
