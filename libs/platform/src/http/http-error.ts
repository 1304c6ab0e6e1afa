/** A refusal with its status and a sentence for the caller; answered as `{"error": "<sentence>"}`. */
export class HttpError extends Error {
  override readonly name = 'HttpError';

  constructor(
    readonly status: number,
    sentence: string,
    /** Extra headers, for example `Retry-After`. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(sentence);
  }
}
