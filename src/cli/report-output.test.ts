import { expect, test } from 'vitest';
import type { ClaimVerdict } from '../../experiments/coopetition/claims/claim.ts';
import { verdictTable } from './report-output.ts';

const claim = (id: string, changes: Partial<ClaimVerdict>) =>
  ({
    id,
    where: 'figure 1b',
    what: `what ${id} says`,
    how: '',
    paper: '',
    passRule: '',
    measured: '',
    verdict: 'not applicable',
    why: 'the run is too short',
    source: 'synthetic',
    scale: 'smoke',
    ...changes,
  }) as ClaimVerdict;

test('claims are listed with what was measured; reasons that are the same stand once', () => {
  const table = verdictTable([
    claim('rise', { verdict: 'holds', measured: '.91 at 1M' }),
    claim('fall', {}),
    claim('flip', { why: 'needs\nCIWL' }),
    claim('end', {}),
    claim('peak', { verdict: 'fails' }),
  ]);
  expect(table).toBe(
    '  rise  holds  .91 at 1M\n' +
      '  peak  fails  what peak says\n' +
      '  not applicable: fall, end: the run is too short\n' +
      '  not applicable: flip: needs CIWL\n',
  );
});
