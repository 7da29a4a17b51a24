import type { Tensor } from '../tensor.ts';
import type { TensorData } from '../tensor-data.ts';
import type { Contract } from './case.ts';
import { type Derivatives, differentiate, type Instance, instantiate, type Setting } from './instance.ts';

/** All cases of one contract as one graph. */
export interface Suite {
  readonly items: readonly { readonly instance: Instance; readonly derivatives: Derivatives | undefined }[];
  readonly feeds: Readonly<Record<string, TensorData>>;
  /** Values `i/y/o`, and with derivatives `i/g/t/k` and `i/j/k`. */
  readonly outputs: Readonly<Record<string, Tensor>>;
}

export function buildSuite(
  contract: Contract,
  setting: Setting,
  options: { readonly derivatives?: boolean } = {},
): Suite {
  const outputs: Record<string, Tensor> = {};
  const feeds: Record<string, TensorData> = {};
  const items = contract.cases.map((item, i) => {
    const instance = instantiate(item, i, setting);
    const derivatives = options.derivatives === false ? undefined : differentiate(instance, i, setting);
    Object.assign(feeds, instance.feeds, derivatives?.feeds);
    instance.outputs.forEach((tensor, o) => {
      outputs[`${i}/y/${o}`] = tensor;
    });
    derivatives?.gradients.forEach((list, t) => {
      list.forEach((tensor, k) => {
        outputs[`${i}/g/${t}/${k}`] = tensor;
      });
    });
    derivatives?.jacobian.forEach((tensor, k) => {
      outputs[`${i}/j/${k}`] = tensor;
    });
    return { instance, derivatives };
  });
  return { items, feeds, outputs };
}
