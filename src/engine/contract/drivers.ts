import { cast, mul, sub } from '../operators/index.ts';
import { compileStep } from '../step.ts';
import type { TensorData } from '../tensor-data.ts';
import type { Contract } from './case.ts';
import { expectClose, ndOf } from './close.ts';
import { optimised } from './runtimes.ts';
import { buildSuite } from './suite.ts';

const STEPS = 3;

/** Float inputs are carried and follow their gradient; both drivers must take the same way. */
export async function checkDrivers(contract: Contract, batch: number): Promise<void> {
  const suite = buildSuite(contract, { precision: 'float32', batch, role: 'state' });
  const state = suite.items.flatMap(({ instance: { floats }, derivatives }) =>
    floats.map(({ tensor }, k) => ({
      leaf: tensor,
      next: derivatives === undefined ? tensor : sub(tensor, mul(derivatives.gradients[0]![k]!, 1e-3)),
    })),
  );
  const outputs = Object.fromEntries(
    Object.entries(suite.outputs)
      .filter(([name]) => name.includes('/y/'))
      .map(([name, tensor]) => [name, cast(tensor, 'float32')]),
  );
  const results: Record<string, TensorData>[] = [];
  for (const driver of ['looped', 'stepwise'] as const) {
    const program = compileStep({ state, outputs }, { driver });
    const stepper = await optimised.loadStep(program);
    const pick = (ports: typeof program.data): Record<string, TensorData> =>
      Object.fromEntries(ports.map(({ name }) => [name, suite.feeds[name]!]));
    await stepper.bind(pick(program.data));
    await stepper.write(pick(program.state));
    const reported = await stepper.advance(STEPS, {});
    results.push({ ...reported, ...(await stepper.read()) });
    await stepper.close();
  }
  const [looped, stepwise] = results;
  for (const [name, value] of Object.entries(looped!))
    expectClose(ndOf(value), ndOf(stepwise![name]!), 1e-6, name);
}
