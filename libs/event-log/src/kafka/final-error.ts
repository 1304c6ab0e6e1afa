/** Answers that no waiting changes: what was asked for is not allowed, not supported or too large. */
const FINAL = /AUTHORIZATION_FAILED|AUTHENTICATION|POLICY_VIOLATION|^INVALID_|UNSUPPORTED|TOO_LARGE/;

/** Whether Kafka's answer stays the same however often it is asked. kafkajs wraps errors in errors: all are looked at. */
export function isFinal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('type' in error && typeof error.type === 'string' && FINAL.test(error.type)) return true;
  const parts: unknown[] = 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
  return parts.some(isFinal) || isFinal(error.cause);
}
