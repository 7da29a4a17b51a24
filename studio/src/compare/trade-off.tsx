import type { JSX } from 'preact';
import { bestFor, paretoFront } from '../../../src/diagnosis/index.ts';
import { frontScatter } from '../../../src/experiment/report/charts/front-scatter.ts';
import { metricAxis, type Plotted } from '../../../src/experiment/report/front/view.ts';
import { hueOf } from '../../../src/experiment/report/view.ts';
import type { ShownModel } from '../../../src/studio/shown-models.ts';
import type { ComparedRuns } from '../api.ts';
import { Sheet } from '../sheet.tsx';
import { address, change } from './address.ts';
import { ALONE, Picked } from './picked.tsx';
import { shortNames } from './short-names.ts';
import { lit } from './shown.ts';

/** What two tasks cost each other among all that was learned, and what of it a preference picks. */
export function TradeOff({ answer: { tasks, models } }: { answer: ComparedRuns }): JSX.Element {
  const [x, y] = taskPair(tasks.length);
  const { preference } = address.value;
  const shown = distinct(models);
  const names = labelsOf(shown);
  const gains = shown.map(({ validation }) =>
    [x, y].map((t) => {
      const mean = validation[t]?.mean ?? null;
      return mean === null || tasks[t]!.higherIsBetter ? mean : -mean;
    }),
  );
  const front = paretoFront(gains);
  const picked = bestFor(gains, [1 - preference / 100, preference / 100]);
  const plotted = shown.map(
    ({ run, validation }, i): Plotted => ({
      point: {
        front: front[i]!,
        validation: Object.fromEntries([x, y].map((t) => [tasks[t]!.name, validation[t] ?? null])),
      },
      label: names[i]!,
      hue: undefined,
      key: run,
      picked: i === picked,
    }),
  );
  const [across, up] = [x, y].map((t) => {
    const { name, metric, higherIsBetter } = tasks[t]!;
    return metricAxis(
      { name, validation: { metric, higherIsBetter } },
      shown.map(({ validation }) => validation[t] ?? null),
    );
  }) as [ReturnType<typeof metricAxis>, ReturnType<typeof metricAxis>];
  const [first, second] = [x, y].map((t) => tasks[t]!.name);
  return (
    <section class="trade-off">
      <h2>What do two tasks cost each other?</h2>
      <div class="chosen">
        <TaskSelect
          label="Across"
          value={x}
          tasks={tasks}
          onChange={(t) => change({ between: [t, t === y ? x : y] })}
        />
        <TaskSelect
          label="Up"
          value={y}
          tasks={tasks}
          onChange={(t) => change({ between: [t === x ? y : x, t] })}
        />
      </div>
      {/* biome-ignore lint/a11y/useKeyWithMouseEvents: rows of the leaderboard point out the same run by keys. */}
      <figure class="narrow scatter" onMouseOver={pointOut}>
        <p class="axis">
          <AxisName task={tasks[y]!} hue={hueOf(y)} /> <span class="soft">↑ better</span>
        </p>
        <Sheet of={frontScatter(plotted, across, up, 'model')} />
        <p class="axis across">
          <AxisName task={tasks[x]!} hue={hueOf(x)} /> <span class="soft">better →</span>
        </p>
        <figcaption>
          Each dot is what a run learned, on the validation rows, means over seeds with their range.{' '}
          <span class="key">not beaten on both</span> <span class="key spot">beaten</span>
        </figcaption>
      </figure>
      <label class="preference">
        <span>What matters more?</span>
        <input
          type="range"
          min={0}
          max={100}
          value={preference}
          aria-valuetext={`${first} ${100 - preference} %, ${second} ${preference} %`}
          onInput={(event) => change({ preference: event.currentTarget.valueAsNumber })}
        />
        <span class="ends">
          <span>
            {first} {100 - preference} %
          </span>
          <span>
            {second} {preference} %
          </span>
        </span>
      </label>
      {picked >= 0 && <Picked model={shown[picked]!} label={names[picked]!} tasks={tasks} about={[x, y]} />}
    </section>
  );
}

function pointOut(event: MouseEvent): void {
  lit.value = (event.target as Element).closest<SVGElement>('[data-key]')?.dataset.key;
}

/** Models of each task alone are the same in many runs: the first of them stands for all. */
function distinct(models: readonly ShownModel[]): ShownModel[] {
  const seen = new Set<string>();
  return models.filter(({ which, validation, test }) => {
    const key = which === ALONE && JSON.stringify([validation, test]);
    if (key === false) return true;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

function labelsOf(models: readonly ShownModel[]): string[] {
  const short = shortNames(models.map(({ name }) => name));
  const alone = models.filter(({ which }) => which === ALONE).length;
  return models.map(({ which }, i) =>
    which === undefined ? short[i]! : alone === 1 && which === ALONE ? which : `${short[i]} ${which}`,
  );
}

/** The two tasks of the address, where these are two tasks. */
function taskPair(count: number): [number, number] {
  const [x, y] = address.value.between;
  return x < count && y < count && x !== y ? [x, y] : [0, 1];
}

interface SelectProps {
  readonly label: string;
  readonly value: number;
  readonly tasks: ComparedRuns['tasks'];
  onChange(task: number): void;
}

function TaskSelect({ label, value, tasks, onChange }: SelectProps): JSX.Element {
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => onChange(Number(event.currentTarget.value))}>
        {tasks.map(({ name }, t) => (
          <option key={name} value={t}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function AxisName({
  task: { name, metric },
  hue,
}: {
  task: ComparedRuns['tasks'][number];
  hue: number;
}): JSX.Element {
  return (
    <>
      <span style={`--h:${hue}`}>
        <span class="swatch" />
        <b class="name">{name}</b>
      </span>{' '}
      <span class="soft">{metric}</span>
    </>
  );
}
