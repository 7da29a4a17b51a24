import type { Signature } from '../../artefact/index.ts';
import type { TensorData } from '../../engine/tensor-data.ts';

/** What a row uses of experts: by gate, by task, the share of each expert; shares sum to 1. */
export type GateUse = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>;

/**
 * What one row uses, out of the outputs of gates.
 *
 * @param outputs of each gate [rows, subjects, experts]; of a long model its subject is the row's own task
 * @param task of the row, in a long model
 */
export function gateUse(
  gates: NonNullable<Signature['gates']>,
  outputs: Readonly<Record<string, TensorData>>,
  row: number,
  task: string | undefined,
): GateUse {
  return Object.fromEntries(
    gates.map(({ name, output, subjects, experts }) => {
      const { data, shape } = outputs[output]!;
      const [, count = 1, width = 1] = shape;
      const ofRow = count === subjects.length ? subjects : [task ?? 'all tasks'];
      const start = row * count * width;
      return [
        name,
        Object.fromEntries(
          ofRow.map((subject, s) => [
            subject,
            Object.fromEntries(experts.map((expert, e) => [expert, Number(data[start + s * width + e])])),
          ]),
        ),
      ];
    }),
  );
}
