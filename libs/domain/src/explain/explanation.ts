import type { CheckDefinition } from '../check/definition.ts';

/** What may stand in the data of a step: everything that JSON has. */
export type ExplainedValue =
  string | number | boolean | null | readonly ExplainedValue[] | { readonly [name: string]: ExplainedValue };

/** What a step of an explanation is about; in the order in which they follow each other. */
export type StepSubject =
  'expectation' | 'cause' | 'grace' | 'allowance' | 'status' | 'order' | 'hold' | 'versions';

/** One link of the chain of causes: a sentence, and the same as data. */
export interface ExplanationStep {
  readonly about: StepSubject;
  readonly words: string;
  readonly data: Readonly<Record<string, ExplainedValue>>;
}

/** Why a verdict was given: one sentence, and the chain of causes that leads to it. */
export interface Explanation {
  readonly summary: string;
  readonly steps: readonly ExplanationStep[];
}

/**
 * What the reader may know of a check beyond the transition. With a `configVersion` other than the transition's its rules
 * are left out, since the verdict was not given by them.
 */
export type ExplainedCheck = Pick<CheckDefinition, 'name' | 'schedule'> &
  Partial<
    Pick<CheckDefinition, 'configVersion' | 'missedThreshold' | 'failedThreshold' | 'recoveryThreshold'>
  >;

/** A step, made of its parts. */
export function explanationStep(
  about: StepSubject,
  words: string,
  data: ExplanationStep['data'],
): ExplanationStep {
  return { about, words, data };
}
