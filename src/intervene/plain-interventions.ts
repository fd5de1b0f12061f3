/** Every kind of intervention once more, as docs/specification.md says it, on one sequence of `plainForward`: for tests. */
import { exp } from '../engine/elementary.ts';
import type { ModelShape } from '../model/config.ts';
import type { Intervention } from './intervention.ts';
import { type Hook, type Plain, plainForward, type PlainSequence, type Weights } from './plain-model.ts';

/** In this order they win over each other on one entry. */
const order = [
  'preserve',
  'headTemperature',
  'ablateHeads',
  'ablateEmbedding',
  'previousTokenHeads',
  'inductionHeads',
  'matchHeads',
  'forbidPreviousToken',
  'labelsOnly',
  'outputFromHead',
  'clamp',
];

const sitesOf = { queries: 'q', keys: 'k', values: 'v', patterns: 'pattern' } as const;

/** Logits of a sequence under interventions. */
export function plainIntervened(
  specs: readonly Intervention[],
  weights: Weights,
  donor: Weights,
  shape: ModelShape,
  sequence: PlainSequence,
): number[] {
  const [clean, donorsOwn] = [weights, donor].map((own) => captured(own, shape, sequence));
  const graftIn = specs.find((spec) => spec.kind === 'graftIn');
  const graftOut = specs.find((spec) => spec.kind === 'graftOut');
  const isOurs = (site: string) => {
    const block = /^blocks\.(\d+)\./.exec(site);
    const part = block ? Number(block[1]) : site.startsWith('embedding') ? -1 : shape.depth;
    return part > (graftIn?.throughBlock ?? -2) && part <= (graftOut?.afterBlock ?? shape.depth);
  };
  const mixed = new Map(
    [...weights].map(([name, own]) => [name, isOursByWeight(name) ? own : donor.get(name)!]),
  );
  function isOursByWeight(name: string): boolean {
    return isOurs(/^(example|label|position)Embed/.test(name) ? 'embedding' : name);
  }
  const hooks = specs
    .toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
    .map((spec) => hookOf(spec, clean, donorsOwn, shape, sequence));
  return plainForward(mixed, shape, sequence, (site, value) => {
    if (isOurs(site)) for (const hook of hooks) hook(site, value);
  });
}

export function captured(weights: Weights, shape: ModelShape, sequence: PlainSequence): Map<string, Plain> {
  const sites = new Map<string, Plain>();
  plainForward(weights, shape, sequence, (site, value) => sites.set(site, structuredClone(value)));
  return sites;
}

function hookOf(
  spec: Intervention,
  clean: ReadonlyMap<string, Plain>,
  donor: ReadonlyMap<string, Plain>,
  shape: ModelShape,
  { examples, contextLabels, target }: PlainSequence,
): Hook {
  const query = 2 * shape.contextPairs;
  const each = (value: Plain, visit: (head: number, place: number, column: number) => number | undefined) => {
    for (const [h, rows] of value.entries()) {
      for (const [i, row] of rows.entries()) {
        for (const j of row.keys()) {
          const changed = visit(h, i, j);
          if (changed !== undefined) row[j] = changed;
        }
      }
    }
  };
  /** Calls for the heads of a block that are named, at one of its sites. */
  const atHeads =
    (
      heads: readonly string[],
      part: string,
      visit: (place: number, column: number) => number | undefined,
    ): Hook =>
    (site, value) => {
      const found = new RegExp(`^blocks\\.(\\d+)\\.attention\\.${part}$`).exec(site);
      if (!found) return;
      each(value, (h, i, j) =>
        heads.includes(`${found[1]}:${h}`) || heads.includes(`${found[1]}:*`) ? visit(i, j) : undefined,
      );
    };
  switch (spec.kind) {
    case 'ablateHeads':
      return atHeads(spec.heads, 'v', () => 0);
    case 'preserve':
      return (site, value) => {
        if (spec.sites.some((name) => site.endsWith(`.attention.${sitesOf[name]}`)))
          each(value, (h, i, j) => clean.get(site)![h][i][j]);
      };
    case 'ablateEmbedding':
      return (site, value) => {
        if (site === (spec.part === 'all' ? 'embedding' : 'embedding.token')) each(value, () => 0);
      };
    case 'inductionHeads':
      return atHeads(spec.heads, 'pattern', (i, j) => {
        if (i !== query) return undefined;
        if (j % 2 === 0) return 0;
        return contextLabels[(j - 1) / 2] === target ? spec.strength : 1 - spec.strength;
      });
    case 'previousTokenHeads':
      return atHeads(spec.heads, 'pattern', (i, j) => {
        if (spec.labelRowsOnly && i % 2 === 0) return undefined;
        if (i === 0) return j === 0 ? 1 : 0;
        return j === i - 1 ? spec.strength : j === i ? 1 - spec.strength : 0;
      });
    case 'forbidPreviousToken':
      return atHeads(spec.heads, 'scores', (i, j) =>
        j === i - 1 && !(spec.labelRowsOnly && i % 2 === 0) ? -1e9 : undefined,
      );
    case 'headTemperature':
      return (site, value) => {
        const [, block] = /^blocks\.(\d+)\.attention\.scores$/.exec(site) ?? [];
        if (!Object.keys(spec.temperatures).some((head) => head.startsWith(`${block}:`))) return;
        each(value, (h, i, j) => {
          const { temperatures } = spec;
          const temperature = temperatures[`${block}:${h}`] ?? temperatures[`${block}:*`] ?? 1;
          return clean.get(site)![h][i][j] / temperature;
        });
      };
    case 'labelsOnly':
      return atHeads(spec.heads, 'scores', (i, j) => (i === query && j % 2 === 0 ? -1e9 : undefined));
    case 'matchHeads': {
      const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i], 0);
      const own = examples[shape.contextPairs];
      const cosines = contextLabels.map(
        (_, pair) =>
          dot(examples[pair], own) / Math.sqrt(dot(examples[pair], examples[pair]) * dot(own, own)),
      );
      const most = Math.max(...cosines);
      const likeness = cosines.map((cosine) =>
        spec.temperature === 0 ? Number(cosine === most) : exp(cosine / spec.temperature),
      );
      const sum = spec.temperature === 0 ? 1 : likeness.reduce((a, b) => a + b);
      return atHeads(spec.heads, 'pattern', (i, j) => {
        if (i !== query) return undefined;
        return j % 2 === 0 ? 0 : likeness[(j - 1) / 2] / sum;
      });
    }
    case 'outputFromHead':
      return (site, value) => {
        if (site !== 'logits') return;
        const [block, head] = spec.head.split(':');
        const scores = clean.get(`blocks.${block}.attention.scores`)![Number(head)][query];
        each(value, () => -1e9);
        for (const [pair, label] of contextLabels.entries()) value[0][0][label] = scores[2 * pair + 1];
      };
    case 'clamp':
      return (site, value) => {
        const expression = [spec.site]
          .flat()
          .map((name) => name.replaceAll('.', '\\.').replaceAll('*', '[^.]*'));
        if (!expression.some((text) => new RegExp(`^${text}$`).test(site))) return;
        const { heads, places, keys, features } = spec.mask;
        const isIn = (mask: typeof places, index: number) =>
          mask === undefined ||
          (mask === 'query'
            ? index === query
            : typeof mask === 'string'
              ? index % 2 === (mask === 'labels' ? 1 : 0)
              : mask.includes(index));
        const from = spec.value === 'clean' ? clean : donor;
        each(value, (h, i, j) => {
          const isAttention = /scores|pattern/.test(site);
          if (isAttention && j > i) return undefined;
          if (!isIn(heads, h) || !isIn(places, i) || !isIn(keys ?? features, j)) return undefined;
          return typeof spec.value === 'number' ? spec.value : from.get(site)![h][i][j];
        });
      };
    case 'graftIn':
    case 'graftOut':
      return () => undefined;
  }
}
