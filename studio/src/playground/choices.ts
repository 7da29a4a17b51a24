/** A value that can be chosen, and how it reads. */
export type Choice = readonly [value: string, title: string];

/** Ways that are instructive on a small problem; the address takes any other as the command line writes it. */
export const SHARING: readonly Choice[] = [
  ['shared-bottom', 'Shared bottom'],
  ['independent', 'Independent'],
  ['soft', 'Soft sharing'],
  ['factorised', 'Factorised'],
  ['cross-stitch', 'Cross-stitch'],
  ['sluice', 'Sluice'],
  ['mtan', 'MTAN'],
  ['omoe:experts=4', 'OMoE, 4 experts'],
  ['mmoe:experts=4', 'MMoE, 4 experts'],
  ['cgc', 'CGC'],
  ['ple', 'PLE'],
];

export const CONDITIONING: readonly Choice[] = [
  ['none', 'None'],
  ['concat', 'Concatenated'],
  ['add', 'Added'],
  ['gate', 'Gate'],
  ['film', 'FiLM'],
];

export const OBJECTIVES: readonly Choice[] = [
  ['equal', 'Equal weights'],
  ['uncertainty', 'Uncertainty'],
  ['dwa', 'DWA'],
  ['gls', 'Geometric mean'],
  ['famo', 'FAMO'],
  ['min-max', 'Worst case'],
  ['group-dro', 'Group DRO'],
  ['stch', 'Smooth Chebyshev'],
  ['gradnorm', 'GradNorm'],
  ['pcgrad', 'PCGrad'],
  ['cagrad', 'CAGrad'],
  ['mgda', 'MGDA'],
  ['imtl-g', 'IMTL-G'],
  ['nash', 'Nash-MTL'],
  ['upgrad', 'UPGrad'],
  ['aligned', 'Aligned-MTL'],
];

/** Passes a second. */
export const SPEEDS: readonly Choice[] = [
  ['3', 'Slow'],
  ['60', 'To be watched'],
  ['0', 'As fast as it can'],
];

export const RUNTIMES: readonly Choice[] = [
  ['wasm', 'WebAssembly'],
  ['webgpu', 'WebGPU'],
];

export const SAMPLING: readonly Choice[] = [
  ['proportional', 'Rows as they come'],
  ['uniform', 'Tasks alike'],
  ['temperature', 'Temperature 2'],
  ['uniform-single', 'One task a step'],
];
