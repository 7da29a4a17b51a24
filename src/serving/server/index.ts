export type { Limits, ServeOptions } from './options.ts';
export { type Server, serve } from './serve.ts';
