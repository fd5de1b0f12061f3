/** Judges the claims of figure 1b on one run: a pure function of its metrics table and of what is known about it. */
import type { MetricsTable } from '../../../src/report/metrics-table.ts';
import { visibleLine } from '../../../src/report/visible-text.ts';
import type { RunInfo, RunScale } from '../scale.ts';
import { checkCoexistence } from './checks/coexistence.ts';
import { checkLevels } from './checks/levels.ts';
import { checkOrdering } from './checks/ordering.ts';
import { checkPeak } from './checks/peak.ts';
import { checkFall, checkRise } from './checks/rise-and-fall.ts';
import { checkTransience } from './checks/transience.ts';
import type { ClaimVerdict } from './claim.ts';
import type { Criterion, Finding } from './criterion.ts';
import { fig1bRules, type Rule } from './fig1b-rules.ts';
import { type Fig1bClaimId, fig1bClaimIds, fig1bWords, paperReasons, quickReasons } from './fig1b-words.ts';
import { judge, notApplicable } from './judge.ts';
import { type RunView, viewRun } from './run-view.ts';

function check(run: RunView, criterion: Criterion): Finding {
  switch (criterion.kind) {
    case 'levels':
      return checkLevels(run, criterion);
    case 'peak':
      return checkPeak(run, criterion);
    case 'rise':
      return checkRise(run, criterion);
    case 'fall':
      return checkFall(run, criterion);
    case 'coexistence':
      return checkCoexistence(run, criterion);
    case 'ordering':
      return checkOrdering(run, criterion);
    case 'transience':
      return checkTransience(run, criterion);
  }
}

/** The rule a claim is shown with: this scale's, or the paper scale's where this one judges none. */
function shownRule(id: Fig1bClaimId, rule: Rule): string {
  if (rule.judged) return rule.passRule;
  const paper = fig1bRules.paper[id];
  return paper.judged ? `at paper scale: ${paper.passRule}` : '';
}

const reasons: Readonly<Record<RunScale, Readonly<Partial<Record<Fig1bClaimId, string>>>>> = {
  smoke: {},
  own: {},
  quick: quickReasons,
  paper: paperReasons,
};

function ruleFor(id: Fig1bClaimId, { scale, notOfScale }: RunInfo): Rule {
  if (scale !== 'own') return fig1bRules[scale][id];
  return { judged: false, reason: notOfScale ?? 'the run is of none of the scales that the claims speak of' };
}

/** One verdict per claim F1b-01 to F1b-11, in order. */
export function judgeFig1bClaims(table: MetricsTable, info: RunInfo): ClaimVerdict[] {
  const run = viewRun(table, info);
  return fig1bClaimIds.map((id) => {
    const { headline, where, how, paper } = fig1bWords[id];
    const rule = ruleFor(id, info);
    const judgement = rule.judged
      ? judge(run, rule.needs, () => check(run, rule.criterion))
      : notApplicable(rule.reason);
    return {
      id,
      where,
      what: headline,
      how,
      paper,
      passRule: shownRule(id, rule),
      passRuleReason: reasons[info.scale][id] ?? '',
      ...judgement,
      source: visibleLine(info.source),
      scale: info.scale,
    };
  });
}
