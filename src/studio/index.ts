export { openStudio, type Studio, type StudioOptions } from './serve.ts';
