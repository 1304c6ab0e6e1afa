import type { Invariant } from './finding.ts';
import { noFalseAlarm } from './i1-no-false-alarm.ts';
import { noLostMiss } from './i2-no-lost-miss.ts';
import { determinism } from './i3-determinism.ts';
import { interleaving } from './i4-interleaving.ts';
import { idempotence } from './i5-idempotence.ts';
import { honesty } from './i6-honesty.ts';
import { liveness } from './i7-liveness.ts';
import { order } from './i8-order.ts';
import { cron } from './i9-cron.ts';
import { expiry } from './i10-expiry.ts';
import { hold } from './i11-hold.ts';

/** Every invariant, in the order of their numbers. */
export const INVARIANTS: readonly Invariant[] = [
  noFalseAlarm,
  noLostMiss,
  determinism,
  interleaving,
  idempotence,
  honesty,
  liveness,
  order,
  cron,
  expiry,
  hold,
];
