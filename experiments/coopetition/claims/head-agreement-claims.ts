/** The claim of figure 15a: two heads do about the same on a sequence, but not quite. */
import type { SequenceStrengths } from '../../../src/analyse/sequence-strengths.ts';
import { formatAccuracy } from '../../../src/report/format.ts';
import { agreementOf } from '../fig15/pearson.ts';
import type { Finding } from './criterion.ts';
import type { MechanismClaim } from './mechanism-claim.ts';
import { paperEnd, sameNumbers, wholeRun } from './query-attention-claims.ts';
import type { RunView } from './run-view.ts';

/** Heads 0 and 1 of the last block, as in the paper. */
export function twoHeads({ strengths, heads }: SequenceStrengths): [readonly number[], readonly number[]] {
  const last = strengths.slice(strengths.length - heads);
  return [last[0] ?? [], last[1] ?? []];
}

function checkAgreement(_run: RunView, table: SequenceStrengths): Finding {
  const [first, second] = twoHeads(table);
  if (second.length === 0) return { holds: undefined, measured: '', why: 'the block has one head alone' };
  const { correlation, difference } = agreementOf(first, second);
  const against: string[] = [];
  if (!(correlation >= 0.5)) against.push('the correlation is below .5');
  if (correlation > 0.97) against.push('the correlation is above .97');
  if (!(difference >= 0.08)) against.push('the heads differ by less than .08');
  return {
    holds: against.length === 0,
    measured: `correlation ${formatAccuracy(correlation, 3)}, root mean square difference ${formatAccuracy(difference, 3)}`,
    why: against.join('; '),
  };
}

const rule = 'correlation in [.5, .97], root mean square difference >= .08';

export const fig15aClaims: readonly MechanismClaim<SequenceStrengths>[] = [
  {
    id: 'F15a-01',
    where: 'figure 15a',
    what: 'Heads of the second block do alike on the same sequence, yet each errs in its own way',
    how: 'induction strength of heads 0 and 1 on each train sequence, at 64M (its axes say layer 1, and count from 1)',
    paper: 'a cloud around the diagonal from -.42 to 1, correlation about .82',
    rules: {
      paper: {
        needs: paperEnd,
        passRule: rule,
        reason: 'Between unrelated and the same.',
        check: checkAgreement,
      },
      quick: { needs: wholeRun, passRule: `at the end ${rule}`, reason: sameNumbers, check: checkAgreement },
    },
  },
];
