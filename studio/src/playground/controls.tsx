import type { JSX } from 'preact';
import { chooseSharing } from '../../../src/model/index.ts';
import { CONDITIONING, OBJECTIVES, SAMPLING, SHARING, SPEEDS } from './choices.ts';
import { DroppedFile } from './dropped-file.tsx';
import { Select, Slider, Whole } from './fields.tsx';
import { PROBLEMS } from './problems/index.ts';
import { RANGES, type Settings, within } from './settings.ts';
import type { Playground } from './store.ts';

const TITLES = Object.values(PROBLEMS).map(({ name, title }) => [name, title] as const);

/** All that can be chosen. */
export function Choices({ of: playground }: { of: Playground }): JSX.Element {
  const settings = playground.settings.value;
  const problem = PROBLEMS[settings.problem];
  const turns = problem?.turns ?? [];
  const set =
    <K extends keyof Settings>(key: K) =>
    (value: Settings[K]): void => {
      const near = key in RANGES ? within(key as keyof typeof RANGES, value as number) : value;
      playground.change({ [key]: near });
    };
  return (
    <form class="choices" aria-label="Settings" onSubmit={(event) => event.preventDefault()}>
      <fieldset>
        <legend>Problem</legend>
        <div class="fields">
          <Select label="Tasks" value={settings.problem} of={TITLES} onChange={set('problem')} />
          {settings.problem === 'table' && <DroppedFile of={playground} />}
          {problem?.related && (
            <Slider
              label={problem.related}
              value={settings.related}
              least={-1}
              most={1}
              step={0.05}
              shown={settings.related.toFixed(2).replace('-', '−')}
              onChange={set('related')}
            />
          )}
          {turns.includes('rows') && (
            <Slider
              label="Training rows"
              value={settings.rows}
              least={20}
              most={2000}
              step={20}
              onChange={set('rows')}
            />
          )}
          {turns.includes('labels') && (
            <Slider
              label="Labels of the last task"
              value={settings.labels}
              least={0.05}
              most={1}
              step={0.05}
              shown={`${Math.round(100 * settings.labels)} %`}
              onChange={set('labels')}
            />
          )}
          {turns.includes('noise') && (
            <Slider
              label="Noise"
              value={settings.noise}
              least={0}
              most={1}
              step={0.05}
              onChange={set('noise')}
            />
          )}
        </div>
      </fieldset>
      <fieldset>
        <legend>Model</legend>
        <div class="fields">
          <Select label="Sharing" value={settings.sharing} of={SHARING} onChange={set('sharing')} />
          <Select
            label="Conditioning on the task"
            value={settings.conditioning}
            of={CONDITIONING}
            disabled={isSeparate(settings.sharing)}
            onChange={set('conditioning')}
          />
          <Slider label="Width" value={settings.width} least={2} most={64} step={2} onChange={set('width')} />
          <Slider label="Layers" value={settings.depth} least={1} most={4} step={1} onChange={set('depth')} />
        </div>
      </fieldset>
      <fieldset>
        <legend>Training</legend>
        <div class="fields">
          <Select label="Objective" value={settings.objective} of={OBJECTIVES} onChange={set('objective')} />
          <Select label="Rows of a step" value={settings.sampling} of={SAMPLING} onChange={set('sampling')} />
          <Slider
            label="Learning rate"
            value={Math.log10(settings.rate)}
            least={-4}
            most={-0.5}
            step={0.25}
            shown={String(Number(settings.rate.toPrecision(2)))}
            onChange={(power) => set('rate')(Number((10 ** power).toPrecision(3)))}
          />
          <Whole label="Seed" value={settings.seed} least={0} onChange={set('seed')} />
          <Select
            label="Speed"
            value={String(settings.speed)}
            of={SPEEDS}
            onChange={(passes) => set('speed')(Number(passes))}
          />
          <Whole label="Passes over the rows" value={settings.epochs} least={1} onChange={set('epochs')} />
        </div>
      </fieldset>
    </form>
  );
}

/** Of what the address asks for, which may be nothing that there is. */
function isSeparate(sharing: string): boolean {
  try {
    return chooseSharing(sharing).sharing.separate === true;
  } catch {
    return false;
  }
}
