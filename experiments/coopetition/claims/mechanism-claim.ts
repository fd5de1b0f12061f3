/**
 * A claim about what goes on inside the model: its words, and for each scale the rule by which it is judged on some
 * tables, or why it is not. Rules are committed before a run is judged by them; docs/claims.md says why they are what
 * they are.
 */
import { visibleLine } from '../../../src/report/visible-text.ts';
import type { RunInfo, Scale } from '../scale.ts';
import { type ClaimVerdict, smokeReason } from './claim.ts';
import type { Finding } from './criterion.ts';
import { judge, notApplicable } from './judge.ts';
import type { RunView, Time } from './run-view.ts';

export interface MechanismRule<Tables> {
  readonly needs: Time;
  /** The rule in words, with every number of the check. */
  readonly passRule: string;
  readonly reason: string;
  readonly check: (run: RunView, tables: Tables) => Finding;
}

export interface MechanismClaim<Tables> {
  readonly id: string;
  readonly where: string;
  /** What is claimed, in a sentence. */
  readonly what: string;
  readonly how: string;
  readonly paper: string;
  /** A text says why it is not judged at that scale. */
  readonly rules: Readonly<Record<Exclude<Scale, 'smoke'>, MechanismRule<Tables> | string>>;
}

/**
 * The rules of a claim about the end of training whose numbers neither rate nor length has a part in: the same at either
 * scale, at paper scale after the 64M sequences of its converged model.
 */
export function judgedAlike<Tables>(
  passRule: string,
  reason: string,
  check: (tables: Tables) => Finding,
): MechanismClaim<Tables>['rules'] {
  const shared = { check: (_run: RunView, tables: Tables) => check(tables) };
  return {
    paper: { ...shared, needs: { at: 'sequences', sequences: 6.4e7 }, passRule, reason },
    quick: {
      ...shared,
      needs: { at: 'share', share: 1 },
      passRule: `at the end ${passRule}`,
      reason: `The paper scale's numbers. ${reason}`,
    },
  };
}

/** @param tables what the claims look at */
export function judgeMechanism<Tables>(
  claims: readonly MechanismClaim<Tables>[],
  run: RunView,
  tables: Tables,
  info: RunInfo,
): ClaimVerdict[] {
  return claims.map(({ id, where, what, how, paper, rules }) => {
    const { scale } = info;
    const rule =
      scale === 'own'
        ? (info.notOfScale ?? 'the run is of none of the scales that the claims speak of')
        : scale === 'smoke'
          ? smokeReason
          : rules[scale];
    const shown = typeof rule === 'string' ? rules.paper : rule;
    const judgement =
      typeof rule === 'string' ? notApplicable(rule) : judge(run, rule.needs, () => rule.check(run, tables));
    const passRule = typeof shown === 'string' ? '' : shown.passRule;
    return {
      id,
      where,
      what,
      how,
      paper,
      passRule: typeof rule === 'string' && passRule !== '' ? `at paper scale: ${passRule}` : passRule,
      passRuleReason: typeof rule === 'string' ? '' : rule.reason,
      ...judgement,
      source: visibleLine(info.source),
      scale,
    };
  });
}

/** What several parts found, as one finding: it holds where nothing is against it. */
export function joined(parts: readonly { measured: string; against: readonly string[] }[]): Finding {
  const against = parts.flatMap((part) => part.against);
  return {
    holds: against.length === 0,
    measured: parts
      .map((part) => part.measured)
      .filter((text) => text !== '')
      .join('; '),
    why: against.join('; '),
  };
}
