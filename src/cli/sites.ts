/** `iclab sites`: every activation of a model by name, with its dimensions and sizes. */
import { buildCommand } from '@stricli/core';
import { resolveData } from '../data/resolved-data.ts';
import { siteSizes, siteTable } from '../model/sites.ts';
import { modelShape } from '../runs/assemble.ts';
import type { LabContext } from './context.ts';
import { jsonFlag } from './flags.ts';
import { readRunWords } from './run-words.ts';
import { textTable } from './text-table.ts';

interface SitesFlags {
  readonly json?: boolean;
}

async function showSites(this: LabContext, { json }: SitesFlags, ...words: string[]): Promise<void> {
  const config = await readRunWords(words, 'paper');
  const shape = modelShape(config, resolveData(config.data, config.data.source));
  const sites = siteTable(shape).map((site) => ({
    ...site,
    sizes: siteSizes(shape, site, config.train.batchSize),
  }));
  if (json) {
    this.process.stdout.write(`${JSON.stringify(sites)}\n`);
    return;
  }
  const rows = sites.map(({ name, dims, sizes, meaning }) => [
    name,
    dims.join(', '),
    `[${sizes.join(', ')}]`,
    meaning,
  ]);
  this.process.stdout.write(textTable([['site', 'dimensions', 'sizes', 'meaning'], ...rows]));
}

export const sitesCommand = buildCommand<SitesFlags, string[], LabContext>({
  func: showSites,
  parameters: {
    flags: { json: jsonFlag() },
    positional: {
      kind: 'array',
      parameter: {
        parse: String,
        placeholder: 'preset|file|key=value',
        brief: 'The model: a preset (default paper) or file, then settings to change',
      },
    },
  },
  docs: {
    brief: 'List the names of all activations of a model',
    fullDescription: `List the names of all activations of a model, with dimensions, sizes for one batch, and meaning.

EXAMPLES
  iclab sites
  iclab sites model.mlpRatio=4 model.depth=3`,
  },
});
