import { z } from 'zod';
import { HttpError } from '#platform';

/** Parses a document, or refuses with the first problem in the order of the schema's fields. */
export function validate<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const order = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const place = (issue: z.core.$ZodIssue): number => order.indexOf(String(issue.path[0]));
  const [first] = [...result.error.issues].sort((left, right) => place(left) - place(right));
  throw new HttpError(400, `json validation error: ${first?.message ?? 'value is not valid'}`);
}

/** A text without NUL, which PostgreSQL cannot keep, and of at most `max` characters. */
export function text(field: string, max: number): z.ZodType<string> {
  return z
    .string({ error: `${field} is not a string` })
    .max(max, `${field} is too long`)
    .refine((value) => !value.includes('\u0000'), `${field} must not contain NUL characters`)
    .refine((value) => value.isWellFormed(), `${field} is not well-formed text`);
}

/** A whole number within limits, both included; `hint` says what to write where Healthchecks fixes no other text. */
export function count(field: string, min: number, max: number, hint?: string): z.ZodType<number> {
  const more = hint === undefined ? '' : `; ${hint}`;
  return z
    .number({ error: `${field} is not a number` })
    .int(`${field} is not a whole number`)
    .min(min, `${field} is too small${more}`)
    .max(max, `${field} is too large${more}`);
}

export function flag(field: string): z.ZodType<boolean> {
  return z.boolean({ error: `${field} is not a boolean` });
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a text may be compared with a uuid column. */
export function isUuid(value: string): boolean {
  return UUID.test(value);
}
