import { columnsForm } from '../../artefact/onnx/index.ts';
import { PolytaskError } from '../../common/error.ts';
import type { Exportable } from './exportable.ts';

/**
 * The same model with a graph that takes the columns themselves, so that no other language needs encoders.
 *
 * @throws `export-invalid` for a column whose encoder ONNX has no operators for
 */
export function toColumns(model: Exportable): Exportable {
  const { signature, encoders, graph, descriptors } = model;
  const { by, types, inputs, tasks } = signature;
  const names = tasks.map(({ fitted }) => fitted.name);
  const form = columnsForm(graph, {
    encoders,
    inputs: signature.graph.inputs,
    unread: inputs.flatMap(({ name, read }) => (read ? [] : [name])),
    ...(by !== undefined && {
      task: {
        column: by,
        type: types[by] ?? 'string',
        names,
        vectors: descriptors && names.map((name) => descriptors.tasks[name]!),
      },
    }),
  });
  if (typeof form === 'string') throw refused(model, form);
  const { columns, outputs } = form;
  const named = (name: string): string => outputs.get(name) ?? name;
  const ports = signature.graph.outputs.map((port) => ({ ...port, name: named(port.name) }));
  // New tasks are described by features, which such a graph does not take.
  const { described: _, describedGraph: __, ...rest } = signature;
  return {
    ...model,
    described: undefined,
    graph: form.bytes,
    signature: {
      ...rest,
      tasks: tasks.map((task) => ({ ...task, output: named(task.output) })),
      graph: { ...signature.graph, outputs: ports },
      columns,
    },
  };
}

function refused({ encoders }: Exportable, column: string): PolytaskError {
  const json = encoders.toJSON().encoders.find((own) => own.column === column);
  const isText = json?.kind === 'text';
  return new PolytaskError('export-invalid', {
    path: column,
    expected: 'columns that ONNX has operators for: numbers, dates, booleans, categories',
    found: isText
      ? 'a column of text, which is encoded as hashed n-grams'
      : 'a column whose values are hashed',
    help: `Leave --columns out, or train without it: --exclude ${column}.`,
  });
}
