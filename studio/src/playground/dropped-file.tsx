import type { JSX } from 'preact';
import { targetsOf } from './problems/table.ts';
import type { Playground } from './store.ts';

/** Takes a file of the reader's, and asks which columns are to be predicted. */
export function DroppedFile({ of: playground }: { of: Playground }): JSX.Element {
  const { name: file, columns = [] } = playground.file.value ?? {};
  const targets = targetsOf(playground.settings.value, columns);
  return (
    <div class="drop">
      <label class="field">
        <span>{file ?? 'Drop a CSV on this page, or choose one.'} It stays in the page.</span>
        <input
          type="file"
          accept=".csv,.tsv,text/csv"
          aria-label="CSV file"
          onChange={({ currentTarget: { files } }) => {
            if (files?.[0]) void playground.take(files[0]);
          }}
        />
      </label>
      {columns.length > 0 && (
        <details open>
          <summary>
            Predict {targets.length} of {columns.length} columns
          </summary>
          {columns.map((name) => (
            <label key={name} class="column">
              <input
                type="checkbox"
                checked={targets.includes(name)}
                onChange={({ currentTarget: { checked } }) =>
                  playground.change({
                    targets: columns
                      .filter((own) => (own === name ? checked : targets.includes(own)))
                      .join('|'),
                  })
                }
              />{' '}
              {name}
            </label>
          ))}
        </details>
      )}
    </div>
  );
}
