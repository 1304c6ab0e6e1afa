/** What a benchmark found: a ratio against something in the same run where there is one, and the figures behind it. */
export interface BenchResult {
  readonly ratio: number | null;
  readonly figures: Readonly<Record<string, number>>;
}
