/** Chromium's executable, or why there is none. */
export type FoundChromium =
  | { readonly path: string; readonly reason?: undefined }
  | { readonly path?: undefined; readonly reason: string };

export declare function findChromium(): FoundChromium;
export declare function ensureChromium(): FoundChromium;
