/** Judges the order of events: the four moments, train above CIWL while ICL helps, then ICL down as CIWL goes up. */
import { peakOf, valueAt } from '../../../../src/evaluate/curve.ts';
import { momentDefinition } from '../../../../src/evaluate/moments.ts';
import { formatAccuracy, formatSequences } from '../../../../src/report/format.ts';
import type { Finding, OrderingCriterion } from '../criterion.ts';
import { missingText, type RunView, sequencesAt } from '../run-view.ts';

interface Part {
  readonly measured: string;
  /** What is against it; empty where nothing is. */
  readonly against: readonly string[];
}

function momentsInOrder(run: RunView, criterion: OrderingCriterion): Part {
  const against: string[] = [];
  const times: string[] = [];
  let last = -Infinity;
  for (const number of criterion.moments) {
    const moment = run.moments[number];
    if (moment === undefined) {
      against.push(`no moment ${number} (${momentDefinition(number, run.ciwlLevel)})`);
      continue;
    }
    times.push(`${number} at ${formatSequences(moment.sequences)}`);
    if (moment.sequences <= last) against.push(`moment ${number} is not after the one before it`);
    last = moment.sequences;
  }
  return { measured: times.length === 0 ? '' : `moments ${times.join(', ')}`, against };
}

function trainLeads(run: RunView, { window, trainAboveCiwl }: OrderingCriterion): Part {
  const [from, to] = window.map((time) => sequencesAt(run, time));
  if (from === undefined || to === undefined) {
    return { measured: '', against: [`train cannot be compared with CIWL: ${missingText(run, window[0])}`] };
  }
  const times = run.curves.ciwl.map((point) => point.sequences).filter((at) => at >= from && at <= to);
  if (times.length === 0) times.push((from + to) / 2);
  const leads = times.flatMap((at) => {
    const [train, ciwl] = [valueAt(run.curves.train, at), valueAt(run.curves.ciwl, at)];
    return train === undefined || ciwl === undefined ? [] : [train - ciwl];
  });
  const stretch = `${formatSequences(from)} to ${formatSequences(to)}`;
  if (leads.length === 0)
    return { measured: '', against: [`train and CIWL were not both evaluated, ${stretch}`] };
  const least = Math.min(...leads);
  return {
    measured: `train - CIWL at least ${formatAccuracy(least, 3)} (${stretch})`,
    against:
      least > trainAboveCiwl
        ? []
        : [`train is not above CIWL + ${formatAccuracy(trainAboveCiwl)} throughout`],
  };
}

function strategiesExchange(run: RunView, { exchange }: OrderingCriterion): Part {
  const peak = peakOf(run.curves.icl);
  const [iclEnd, ciwlEnd] = [run.curves.icl.at(-1)?.value, run.curves.ciwl.at(-1)?.value];
  const ciwlThen = peak === undefined ? undefined : valueAt(run.curves.ciwl, peak.sequences);
  if (peak === undefined || iclEnd === undefined || ciwlEnd === undefined || ciwlThen === undefined) {
    return { measured: '', against: ['ICL and CIWL were not both evaluated'] };
  }
  const [iclFall, ciwlRise] = [peak.value - iclEnd, ciwlEnd - ciwlThen];
  const against: string[] = [];
  if (iclFall < exchange)
    against.push(`ICL does not fall by ${formatAccuracy(exchange)} from its peak to the end`);
  if (ciwlRise < exchange) against.push(`CIWL does not rise by ${formatAccuracy(exchange)} meanwhile`);
  return {
    measured: `after ICL's peak ICL ${formatAccuracy(-iclFall, 3)}, CIWL ${ciwlRise >= 0 ? '+' : ''}${formatAccuracy(ciwlRise, 3)}`,
    against,
  };
}

export function checkOrdering(run: RunView, criterion: OrderingCriterion): Finding {
  for (const [name, curve] of Object.entries({
    train: run.curves.train,
    ICL: run.curves.icl,
    CIWL: run.curves.ciwl,
    Flip: run.curves.flip,
  })) {
    if (curve.length === 0) return { holds: undefined, measured: '', why: `${name} was not evaluated` };
  }
  const parts = [
    momentsInOrder(run, criterion),
    trainLeads(run, criterion),
    strategiesExchange(run, criterion),
  ];
  const against = parts.flatMap((part) => part.against);
  const measured = parts.map((part) => part.measured).filter((text) => text !== '');
  return { holds: against.length === 0, measured: measured.join('; '), why: against.join('; ') };
}
