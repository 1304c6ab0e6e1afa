import { isOnCheck, type Examined, type Finding, type Invariant } from './finding.ts';

/**
 * I8: numbers are dense, for each check and for each partition; readers see no jump; no verdict on a check lies before
 * the one before it; and no clock of a fold ever goes back.
 */
export const order: Invariant = ({ world, refolds, told }: Examined) => [
  ...refolds.flatMap(({ pronounced }, partition) => {
    const seqs = new Map<string, number>();
    const lastAt = new Map<string, number>();
    return pronounced.flatMap(({ verdict }, index): Finding[] => {
      const wrong: string[] = [];
      if (verdict.oseq !== index + 1) wrong.push(`has number ${verdict.oseq} as verdict ${index + 1}`);
      if (isOnCheck(verdict)) {
        const seq = (seqs.get(verdict.checkId) ?? 0) + 1;
        seqs.set(verdict.checkId, seq);
        if (verdict.seq !== seq) wrong.push(`is number ${seq} of its check`);
        if (verdict.at < (lastAt.get(verdict.checkId) ?? 0)) wrong.push('lies before the one before it');
        lastAt.set(verdict.checkId, verdict.at);
      }
      return wrong.map((what) => ({
        invariant: 'I8',
        what: `partition ${partition}: ${verdict.id} ${what}`,
      }));
    });
  }),
  ...told.flatMap(({ jumps }, partition) =>
    jumps.map((oseq) => ({
      invariant: 'I8',
      what: `partition ${partition}: a reader saw a jump to ${oseq}`,
    })),
  ),
  ...world.truth.oddities.filter(({ invariant }) => invariant === 'I8'),
];
