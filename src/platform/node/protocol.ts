import { PolytaskError } from '../../common/error.ts';
import type { ErrorCode } from '../../common/error-codes.ts';
import type { MediatedProgram } from '../../engine/mediation.ts';
import type { Program } from '../../engine/program.ts';
import type { Feeds, Handle, RuntimeName } from '../../engine/runtime/runtime.ts';
import type { StepProgram } from '../../engine/step.ts';
import type { ConstantData } from '../../engine/tensor.ts';
import type { TensorData } from '../../engine/tensor-data.ts';

type Values = Readonly<Record<string, TensorData>>;

/** What the worker can be asked: arguments and answer of each request. `id` names a session or a stepper. */
export interface Requests {
  load: { ask: { program: Program }; answer: number };
  loadStep: { ask: { program: StepProgram | MediatedProgram }; answer: number };
  run: { ask: { id: number; feeds: Feeds }; answer: Values };
  bind: { ask: { id: number; feeds: Feeds }; answer: undefined };
  write: { ask: { id: number; values: Values }; answer: undefined };
  read: { ask: { id: number; names?: readonly string[] }; answer: Values };
  advance: { ask: { id: number; steps: number; inputs: Values }; answer: Values };
  recall: { ask: { id: number }; answer: unknown };
  remember: { ask: { id: number; memory: unknown }; answer: undefined };
  closeLoaded: { ask: { id: number }; answer: undefined };
  upload: { ask: { tensor: TensorData }; answer: Handle };
  release: { ask: { handle: Handle }; answer: undefined };
  close: { ask: Record<never, never>; answer: undefined };
}
export type RequestName = keyof Requests;

export interface Request {
  readonly request: number;
  readonly name: RequestName;
  readonly ask: unknown;
}

export type Reply =
  | { readonly request: number; readonly answer: unknown }
  | { readonly request: number; readonly error: ErrorData };

/** The first message of a worker: what it opened, or why it could not. */
export type Ready =
  | { readonly name: RuntimeName; readonly threads: number; readonly note: string }
  | { readonly error: ErrorData };

export interface ErrorData {
  readonly code: ErrorCode;
  readonly path?: string;
  readonly expected?: string;
  readonly found?: string;
  readonly help: string;
  readonly cause?: string;
}

export function errorData(error: unknown): ErrorData {
  if (error instanceof PolytaskError)
    return { ...error.toJSON(), ...(error.cause !== undefined && { cause: String(error.cause) }) };
  return {
    code: 'runtime-failed',
    path: 'worker',
    found: error instanceof Error ? error.message : String(error),
    help: 'This is a fault of Polytask; please report it with the stack below.',
    ...(error instanceof Error && error.stack !== undefined && { cause: error.stack }),
  };
}

/** The same error on this side; its stack is that of the call. */
export function revive({ code, ...details }: ErrorData): PolytaskError {
  return new PolytaskError(code, details);
}

/**
 * A message whose arrays may be given away: every array is copied once into memory of its own, so that neither the
 * sender's arrays nor the rest of a buffer that they are a view of cross over.
 */
export function owned<T>(message: T): { message: T; transfer: ArrayBuffer[] } {
  const transfer: ArrayBuffer[] = [];
  return { message: mapArrays(message, (array) => give(array.slice(), transfer)), transfer };
}

/** The arrays to give away with a message whose arrays nobody else uses. */
export function surrendered<T>(message: T): { message: T; transfer: ArrayBuffer[] } {
  const transfer: ArrayBuffer[] = [];
  const whole = (array: ConstantData): boolean => array.byteLength === array.buffer.byteLength;
  return {
    message: mapArrays(message, (array) => give(whole(array) ? array : array.slice(), transfer)),
    transfer,
  };
}

function give(array: ConstantData, transfer: ArrayBuffer[]): ConstantData {
  transfer.push(array.buffer as ArrayBuffer);
  return array;
}

function mapArrays<T>(value: T, map: (array: ConstantData) => ConstantData): T {
  if (value === null || typeof value !== 'object') return value;
  if (ArrayBuffer.isView(value)) return map(value as unknown as ConstantData) as T;
  if (Array.isArray(value)) return value.map((item) => mapArrays(item, map)) as T;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapArrays(item, map)])) as T;
}
