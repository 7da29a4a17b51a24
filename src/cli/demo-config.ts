import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PolytaskError } from '../common/error.ts';
import type { RunConfigInput } from '../experiment/run-config.ts';

/**
 * Bird strikes reported to the FAA, 1990–2002: four things to know of a strike. What was found out with the target
 * itself (costs, the extent of the damage) is no input, nor is the size that stands in the name of a species.
 */
export function demoConfig({ quick }: { readonly quick: boolean }): RunConfigInput {
  const file = birdStrikes().replaceAll("'", "''");
  return {
    data: {
      sql: `SELECT "Effect Amount of damage" <> 'None' AS damage,
  "Wildlife Size" AS size,
  "Speed IAS in knots" AS speed,
  "Cost Total $" > 0 AS cost,
  regexp_replace("Wildlife Species", ' - (small|medium|large)$', '') AS species,
  "Airport Name" AS airport, "Origin State" AS state,
  "Aircraft Make Model" AS aircraft, "Aircraft Airline Operator" AS operator,
  "Flight Date" AS date, "Phase of flight" AS phase, "Time of day" AS daytime
FROM read_csv('${file}')`,
    },
    tasks: {
      damage: { kind: 'binary' },
      size: { kind: 'ordinal', classes: ['Small', 'Medium', 'Large'] },
      speed: { kind: 'regression' },
      cost: { kind: 'binary' },
    },
    seeds: 3,
    model: { hidden: [128], dropout: 0.2 },
    training: { maxEpochs: quick ? 2 : 60, patience: 10, learningRate: 1e-3 },
    timeLimit: 80,
    choose: false,
  };
}

/** The table in the package vega-datasets, whose own API would fetch it from the network. */
function birdStrikes(): string {
  const fail = (found: string): never => {
    throw new PolytaskError('source-not-found', {
      path: 'vega-datasets/data/birdstrikes.csv',
      expected: 'the package vega-datasets, which holds the table of the demo',
      found,
      help: 'Install it: npm install vega-datasets',
    });
  };
  let folder: string;
  try {
    folder = dirname(fileURLToPath(import.meta.resolve('vega-datasets')));
  } catch {
    return fail('no such package');
  }
  while (!isPackage(folder)) {
    const parent = dirname(folder);
    if (parent === folder) return fail('a package without package.json');
    folder = parent;
  }
  const file = join(folder, 'data', 'birdstrikes.csv');
  return existsSync(file) ? file : fail(`no ${file}`);
}

function isPackage(folder: string): boolean {
  const file = join(folder, 'package.json');
  return (
    existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name === 'vega-datasets'
  );
}
