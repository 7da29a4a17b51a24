import { expect, test } from 'vitest';
import { type Affinity, affinityFrom } from '../affinity.ts';
import { chooseGroups, type Grouping } from './choose.ts';

// The affinities that come with the code of C. Fifty et al.: Efficiently identifying task groupings for multi-task
// learning. NeurIPS 2021. Their selection reads a row as the task that gains.

const TASKONOMY = `
ss 11.9993 .04891 .11537 .00455 .00878
norm .13982 1.07099 .22096 .01049 .07646
depth .41356 .29141 7.32764 .01354 .07396
key .02110 .01073 .01337 .73388 .68974
edge2d .05669 .03601 .03668 .30372 5.96619`;

const CELEBA = `
5oClock 239.7207 -83.3355 -86.0517 -82.4207 -81.9744 -86.0242 -49.0376 -87.3711 -86.7703
Black -188.1566 378.8512 -184.5289 -147.5023 -189.4649 -190.9978 -185.2850 -190.6577 -189.4193
Blond -121.0539 -109.5836 310.7120 -106.0220 -122.6223 -124.4029 -117.2041 -120.5563 -123.2585
Brown -143.7212 -112.1793 -139.8481 321.5389 -145.4274 -146.7835 -142.3971 -146.2988 -146.2273
Goatee -85.5323 -92.2116 -95.7504 -91.7411 238.4250 -65.4274 -45.9510 -98.5988 -95.6829
Mustache -30.2233 -32.6972 -34.7838 -33.4752 -.8397 178.6679 -15.2715 -35.2066 -34.3704
NoBeard -109.4788 -147.5018 -152.3946 -148.4888 -127.3155 -147.1358 291.8496 -157.4768 -156.1581
Rosy -74.9788 -74.2494 -72.0494 -73.8316 -76.4519 -76.4983 -75.2114 240.3903 -77.0038
Hat -109.3708 -100.8497 -113.5246 -110.6453 -110.2638 -116.1017 -106.5117 -119.3522 374.6323`;

type Rows = 'source' | 'target';

function read(text: string, rows: Rows): Affinity {
  const lines = text
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  return affinityFrom({
    tasks: lines.map(([name]) => name!),
    rows,
    values: lines.map(([, ...values]) => values.map(Number)),
  });
}

const taskonomy = (rows: Rows): Affinity => read(TASKONOMY, rows);
const celebA = (rows: Rows): Affinity => read(CELEBA, rows);

const named = ({ tasks, groups }: Grouping): string[] =>
  groups.map((group) => group.map((t) => tasks[t]).join(' '));

const ALL_BUT_FIRST = 'Black Blond Brown Goatee Mustache NoBeard Rosy Hat';

// Means and selections as of an exhaustive search over all choices of groups.
test.each<[string, Affinity, number, string[], number]>([
  ['Taskonomy', taskonomy('target'), 2, ['ss norm depth', 'key edge2d'], 0.3217],
  ['Taskonomy', taskonomy('target'), 3, ['ss depth', 'norm depth', 'key edge2d'], 0.34867],
  ['Taskonomy, rows as sources', taskonomy('source'), 2, ['ss norm depth', 'key edge2d'], 0.3217],
  ['Taskonomy, rows as sources', taskonomy('source'), 3, ['ss depth', 'norm depth', 'key edge2d'], 0.38388],
  ['CelebA', celebA('target'), 2, ['5oClock NoBeard', ALL_BUT_FIRST], -99.4418],
  [
    'CelebA',
    celebA('target'),
    3,
    ['5oClock NoBeard', 'Black Blond Goatee Mustache NoBeard Rosy Hat', 'Black Brown'],
    -92.4384,
  ],
  [
    'CelebA, rows as sources',
    celebA('source'),
    2,
    ['5oClock Black Blond Brown Goatee Mustache Rosy Hat', '5oClock Goatee Mustache NoBeard Rosy'],
    -85.7226,
  ],
])('the published affinities of %s', (_, affinity, most, groups, mean) => {
  const found = chooseGroups(affinity, { most, alone: -1e6 });
  expect(named(found)).toEqual(groups);
  expect(found.mean).toBeCloseTo(mean, 4);
  expect(found).toMatchObject({ exact: true, bound: found.mean });
  expect(chooseGroups(affinity, { most })).toEqual(found);
});

test('a task that helps in both groups is in both, and is served where it gains most', () => {
  const found = chooseGroups(celebA('target'), { most: 2 });
  const noBeard = found.tasks.indexOf('NoBeard');
  expect(found.groups.filter((group) => group.includes(noBeard))).toHaveLength(2);
  expect(found.servedBy[noBeard]).toBe(0);
  expect(found.scores[noBeard]).toBe(-109.4788);
});
