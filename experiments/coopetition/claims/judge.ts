/** Judges one claim on one run: first whether the run has come so far, then by the claim's own check. */
import { formatSequences } from '../../../src/report/format.ts';
import type { Verdict } from './claim.ts';
import type { Finding } from './criterion.ts';
import { reaches, type RunView, sequencesAt, type Time } from './run-view.ts';

export interface Judgement {
  readonly verdict: Verdict;
  readonly measured: string;
  readonly why: string;
}

export function notApplicable(why: string): Judgement {
  return { verdict: 'not applicable', measured: '', why };
}

/** @param needs least time the run must reach before the claim is judged */
export function judge(run: RunView, needs: Time, check: () => Finding): Judgement {
  if (Object.values(run.curves).every((curve) => curve.length === 0)) {
    return notApplicable('the run has no evaluation yet');
  }
  const needed = sequencesAt(run, needs);
  if (needed !== undefined && !reaches(run, needed)) {
    return notApplicable(`run stops at ${formatSequences(run.end)}; this needs ${formatSequences(needed)}`);
  }
  const { holds, measured, why } = check();
  return { verdict: holds === undefined ? 'not applicable' : holds ? 'holds' : 'fails', measured, why };
}
