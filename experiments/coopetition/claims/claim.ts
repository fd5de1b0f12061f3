/** What a claim of a paper is once it has been judged on a run. */
import type { RunScale } from '../scale.ts';

export type Verdict = 'holds' | 'fails' | 'not applicable';

/** Whatever it was judged on. */
export interface JudgedClaim {
  readonly id: string;
  /** Figure or section of the paper. */
  readonly where: string;
  /** What is claimed, in a sentence. */
  readonly what: string;
  /** What is measured in the paper, and when. */
  readonly how: string;
  /** The paper's own value. */
  readonly paper: string;
  /** What must be so for the claim to hold at this scale, committed before any run was judged. */
  readonly passRule: string;
  /** Why the rule has these numbers; empty where this scale judges no such claim. */
  readonly passRuleReason: string;
  /** What this run gave; empty where nothing was measured. */
  readonly measured: string;
  readonly verdict: Verdict;
  /** Why that verdict. */
  readonly why: string;
}

/** Judged on a run. */
export interface ClaimVerdict extends JudgedClaim {
  /** The features the run learnt from: a verdict speaks of these and of no others. */
  readonly source: string;
  readonly scale: RunScale;
}

interface ClaimCounts {
  readonly holds: number;
  readonly fails: number;
  readonly notApplicable: number;
}

export function countVerdicts(verdicts: readonly JudgedClaim[]): ClaimCounts {
  const count = (verdict: Verdict): number => verdicts.filter((claim) => claim.verdict === verdict).length;
  return { holds: count('holds'), fails: count('fails'), notApplicable: count('not applicable') };
}

/** Why no claim is judged at that scale. */
export const smokeReason = 'a smoke run only shows that the parts fit together; no claim is judged on it';
