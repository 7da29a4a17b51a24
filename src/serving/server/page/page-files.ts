/** The page as it is sent. */
export interface PageFiles {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}
