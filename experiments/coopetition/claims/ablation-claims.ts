/** The claims of sections 4.1 and 4.2 and of appendix C.1: through which paths the converged model's answer comes. */
import {
  type AblationEvaluator,
  type AblationName,
  ablationNames,
  type AblationTable,
} from '../../../src/analyse/ablations.ts';
import { formatAccuracy } from '../../../src/report/format.ts';
import type { Finding } from './criterion.ts';
import { judgedAlike, type MechanismClaim } from './mechanism-claim.ts';

const sectionReason = "Set around the numbers that the authors' notebook prints, before any run was judged.";
/** A share of whole sequences: the least bit of a float must not decide. */
const slack = 1e-9;

/** `train .985, CIWL .985` of some row. */
function told(table: AblationTable, name: AblationName, of: readonly AblationEvaluator[]): string {
  const names = { train: 'train', ciwl: 'CIWL', flip: 'Flip', iwl: 'IWL' } as const;
  return of
    .map((evaluator) => `${names[evaluator]} ${formatAccuracy(table.accuracies[name][evaluator], 3)}`)
    .join(', ');
}

/** What CIWL loses. */
function dropOf({ accuracies }: AblationTable, name: AblationName): number {
  return accuracies.whole.ciwl - accuracies[name].ciwl;
}

function finding(measured: string, against: readonly string[]): Finding {
  return { holds: against.length === 0, measured, why: against.join('; ') };
}

function checkOutputs(table: AblationTable): Finding {
  const { whole, outputs } = table.accuracies;
  const measured = (['train', 'ciwl', 'flip'] as const).map((name) => Math.abs(outputs[name] - whole[name]));
  const most = Math.max(...measured);
  return finding(
    `${told(table, 'outputs', ['train', 'ciwl', 'flip'])}; the whole model ${told(table, 'whole', ['train', 'ciwl', 'flip'])}`,
    most > 0.01 + slack ? [`that is up to ${formatAccuracy(most, 3)} apart, more than .01`] : [],
  );
}

/** CIWL under an ablation lies in a range. */
function checkRange(name: AblationName, least: number, greatest: number) {
  return (table: AblationTable): Finding => {
    const { ciwl } = table.accuracies[name];
    const against = [
      ...(ciwl < least ? [`CIWL is below ${formatAccuracy(least)}`] : []),
      ...(ciwl > greatest ? [`CIWL is above ${formatAccuracy(greatest)}`] : []),
    ];
    return finding(told(table, name, ['ciwl', 'train', 'flip']), against);
  };
}

/** CIWL loses at most so much. */
function checkDrop(name: AblationName, atMost: number) {
  return (table: AblationTable): Finding => {
    const drop = dropOf(table, name);
    return finding(
      `${told(table, name, ['ciwl', 'train', 'flip'])}; CIWL loses ${formatAccuracy(drop, 3)}`,
      drop > atMost + slack ? [`that is more than ${formatAccuracy(atMost)}`] : [],
    );
  };
}

function checkOrder(table: AblationTable): Finding {
  const [queries, keys, values] = (['outputsAndQueries', 'outputsAndKeys', 'outputsAndValues'] as const).map(
    (name) => dropOf(table, name),
  );
  const [q, k, v] = [queries, keys, values].map((drop) => formatAccuracy(drop, 3));
  return finding(
    `CIWL loses ${q} with queries, ${k} with keys, ${v} with values`,
    [[keys, 'keys'] as const, [values, 'values'] as const].flatMap(([drop, what]) =>
      drop < 4 * queries - slack ? [`${what} lose less than 4 times what queries do`] : [],
    ),
  );
}

function checkNoHeads(table: AblationTable): Finding {
  const range = checkRange('allHeads', 0.54, 0.72)(table);
  const { ciwl, flip } = table.accuracies.allHeads;
  const off = Math.abs(flip - (1 - ciwl));
  const against = [
    ...(range.why === '' ? [] : [range.why]),
    ...(off > 0.03 + slack ? [`Flip is ${formatAccuracy(off, 3)} from 1 - CIWL, more than .03`] : []),
  ];
  return finding(range.measured, against);
}

function checkNoWeights({ accuracies }: AblationTable): Finding {
  const wrong = ablationNames.filter((name) => accuracies[name].iwl !== 0);
  const most = Math.max(...Object.values(accuracies).map(({ iwl }) => iwl));
  return finding(
    `at most ${formatAccuracy(most, 3)}`,
    wrong.map((name) => `not 0 under ${name}`),
  );
}

export const section4Claims: readonly MechanismClaim<AblationTable>[] = [
  {
    id: 'S41-02',
    where: 'section 4.1',
    what: 'What the first block writes is used through attention alone: its heads may fall silent once the second has its queries, keys and values',
    how: 'heads of block 0 ablated, queries, keys and values those of a clean pass, at 64M; in-context accuracy',
    paper: 'train .9852, CIWL .9848, Flip .0178 (whole: .9862, .9874, .0146)',
    rules: judgedAlike(
      'train, CIWL and Flip each within .01 of the whole model',
      sectionReason,
      checkOutputs,
    ),
  },
  {
    id: 'S42-01',
    where: 'section 4.2',
    what: 'Queries need little of the first block',
    how: 'the same, but queries computed anew',
    paper: 'CIWL .954, train .9574, Flip .046',
    rules: judgedAlike('CIWL loses at most .08', sectionReason, checkDrop('outputsAndQueries', 0.08)),
  },
  {
    id: 'S42-02',
    where: 'section 4.2',
    what: 'Keys need it',
    how: 'the same, but keys computed anew',
    paper: 'CIWL .5748, train .5706, Flip .4466',
    rules: judgedAlike('CIWL in [.50, .72]', sectionReason, checkRange('outputsAndKeys', 0.5, 0.72)),
  },
  {
    id: 'S42-03',
    where: 'section 4.2',
    what: 'Values need it',
    how: 'the same, but values computed anew',
    paper: "CIWL .5864, train .5928, Flip .400 (the text's 59.3% is train's)",
    rules: judgedAlike('CIWL in [.50, .74]', sectionReason, checkRange('outputsAndValues', 0.5, 0.74)),
  },
  {
    id: 'S42-04',
    where: 'section 4.2, text',
    what: 'Without the first block the model is lost',
    how: 'heads of block 0 ablated, nothing kept, at 64M',
    paper: 'a big drop, without a number',
    rules: judgedAlike('CIWL <= .75', sectionReason, checkRange('earlierHeads', 0, 0.75)),
  },
  {
    id: 'S42-05',
    where: 'section 4.2',
    what: 'Keys and values lose far more than queries',
    how: 'what CIWL loses in S42-01 to 03',
    paper: '.033, .413 and .401',
    rules: judgedAlike(
      'keys and values each lose at least 4 times what queries do',
      sectionReason,
      checkOrder,
    ),
  },
];

export const appendixC1Claims: readonly MechanismClaim<AblationTable>[] = [
  {
    id: 'C1-01',
    where: 'appendix C.1',
    what: 'Without heads the model knows a little: the query alone prefers its own label',
    how: 'heads of both blocks ablated, at 64M; in-context accuracy',
    paper: 'CIWL .6242 (the text has 62.46%), train .6268, Flip .3752',
    rules: judgedAlike('CIWL in [.54, .72]; Flip within .03 of 1 - CIWL', sectionReason, checkNoHeads),
  },
  {
    id: 'C1-02',
    where: 'appendix C.1',
    what: 'With heads it hardly needs that: the token embedding may be taken from what reaches the unembedding directly',
    how: 'token embedding ablated, patterns and values those of a clean pass, at 64M',
    paper: 'CIWL .9672, train .9674, Flip .034',
    rules: judgedAlike('CIWL loses at most .06', sectionReason, checkDrop('directPath', 0.06)),
  },
  {
    id: 'C1-03',
    where: 'appendix C.1',
    what: 'Where the correct label is not in the context no answer from it is right',
    how: 'in-context accuracy on IWL, in every row',
    paper: '0',
    rules: judgedAlike('exactly 0', 'By construction.', checkNoWeights),
  },
];
