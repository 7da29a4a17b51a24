export { compactRows, EmbeddingStore, lazyRows } from './embedding/index.ts';
export { blockJacobian, gradient, jacobian } from './gradient.ts';
export { gramian, jacobianRows } from './gramian.ts';
export { constant, identity, input, type Role } from './leaf.ts';
export {
  compileMediated,
  type MediatedProgram,
  type MediatedStep,
  type Mediator,
  type MediatorSpec,
  type Mediators,
} from './mediation.ts';
export { minimise, startState } from './minimise.ts';
export { forWebGpu } from './onnx/for-webgpu.ts';
export * from './operators/index.ts';
export {
  averaged,
  averageWeight,
  clipByGlobalNorm,
  clipByValue,
  movingAverage,
  type Optimiser,
  type OptimiserSpec,
  ParameterLayout,
  parseOptimiser,
  parseSchedule,
  type Schedule,
  type ScheduleSpec,
  scalarFeeds,
  scalarInputs,
} from './optimiser/index.ts';
export { type CompileOptions, compile, type Port, type Program } from './program.ts';
export {
  type ChunkOptions,
  type ChunkRun,
  ChunkSizer,
  runChunks,
  throwIfCancelled,
} from './runtime/chunk.ts';
export { LocalRuntime, type LocalRuntimeOptions, type Ort } from './runtime/local.ts';
export {
  driverFor,
  type Feed,
  type Feeds,
  type Handle,
  type Memory,
  type Runtime,
  type RuntimeName,
  type Session,
  type Stepper,
} from './runtime/runtime.ts';
export { compileStep, type Driver, type Step, type StepProgram } from './step.ts';
export {
  type Attributes,
  type Dim,
  type DType,
  formatShape,
  type Operator,
  rank,
  type Shape,
  scope,
  type Tensor,
} from './tensor.ts';
export { numbers, type TensorData, tensorData } from './tensor-data.ts';
