/** The claims of figures 15b and 15c: many heads together do better than any of them made sharper. */
import type { HeadTemperatures } from '../../../src/analyse/head-temperatures.ts';
import { formatAccuracy } from '../../../src/report/format.ts';
import type { Finding } from './criterion.ts';
import { judgedAlike, type MechanismClaim } from './mechanism-claim.ts';
import { headsWhere, spread } from './query-attention-checks.ts';

function at({ temperatures }: HeadTemperatures, values: readonly number[], temperature: number): number {
  return values[temperatures.indexOf(temperature)];
}

function checkAlone(table: HeadTemperatures): Finding {
  const of = (temperature: number) => table.heads.map(({ alone }) => at(table, alone, temperature));
  const [sharp, own, flat] = [of(0.1), of(1), of(8)];
  const gains = sharp.map((value, head) => value - own[head]);
  const losses = own.map((value, head) => value - flat[head]);
  const against = [
    [headsWhere(gains, (gain) => gain < 0.01), 'gained at .1, below .01'],
    [headsWhere(gains, (gain) => gain > 0.12), 'gained at .1, above .12'],
    [headsWhere(losses, (loss) => loss <= 0), 'lost at 8: not below its own'],
  ].flatMap(([heads, what]) => (heads === undefined ? [] : [`${heads} ${what}`]));
  return {
    holds: against.length === 0,
    measured: `alone at T = .1 ${spread(sharp)}, at 1 ${spread(own)}, at 8 ${spread(flat)}; gained at .1 ${spread(gains)}`,
    why: against.join('; '),
  };
}

function checkAmongAll(table: HeadTemperatures): Finding {
  const { whole, heads } = table;
  const of = (temperature: number) => heads.map(({ amongAll }) => at(table, amongAll, temperature));
  const below = (values: readonly number[]) => values.filter((value) => value < whole).length;
  const [sharp, flat] = [of(0.1), of(8)];
  const against: string[] = [];
  if (below(sharp) < (5 / 8) * heads.length) against.push('at .1 fewer than 5 of 8 heads lose');
  if (below(flat) < heads.length)
    against.push(`at 8 ${headsWhere(flat, (value) => value >= whole)} does not lose`);
  const part = (values: readonly number[]) =>
    `${below(values)} of ${heads.length} heads below it (${values.map((value) => formatAccuracy(value, 4)).join(' ')})`;
  return {
    holds: against.length === 0,
    measured: `p(1) = ${formatAccuracy(whole, 5)}; at T = .1 ${part(sharp)}; at 8 ${part(flat)}`,
    why: against.join('; '),
  };
}

export const fig15TemperatureClaims: readonly MechanismClaim<HeadTemperatures>[] = [
  {
    id: 'F15b-01',
    where: 'figure 15b',
    what: 'A head that works alone answers better when its attention is sharper',
    how: 'in-context probability on train with one head of the second block, its query on labels alone, its scores over T, at 64M',
    paper: 'at T = .1 .793 to .824, about 1 .750 to .778, at 8 .648 to .666',
    rules: judgedAlike(
      'every head: p(.1) > p(1) > p(8), p(.1) - p(1) in [.01, .12]',
      'Set around what the figure shows, before any run was judged.',
      checkAlone,
    ),
  },
  {
    id: 'F15c-01',
    where: 'figure 15c',
    what: 'With all heads at work, one that is made sharper or flatter makes the model worse',
    how: 'the same with all heads, one of them at T, at 64M',
    paper:
      'p(1) = .98345; at T = .1 .9823 .9812 .9819 .9822 .9835 .9822 .9810 .9824, at 8 .9825 to .9831; about .5 most heads gain',
    rules: judgedAlike(
      'at T = .1 at least 5 of 8 heads below p(1), at 8 every head',
      "The paper's text says that it often goes down; its figure shows so at T <= .25.",
      checkAmongAll,
    ),
  },
];
