/** `train.optimizer.rate=1e-4` on a command line: a path with dots, then a YAML value. */
import { LabError } from '../errors/lab-error.ts';
import { printable, quoted } from '../formats/data-error.ts';
import { configLimits, keyProblem, parseOverrideValue } from './config-text.ts';
import type { ConfigNode, Origin } from './config-tree.ts';

/** Whether a word of a command line is meant as an override rather than as a preset or file. */
export function looksLikeOverride(word: string): boolean {
  return /^[^/\\=]*=/.test(word); // a path may have an equals sign in a later part
}

/** Characters of a path in a message. */
const longestShownPath = 140;

interface Branch {
  readonly children: Map<string, Branch>;
  readonly origin: Origin;
  leaf?: ConfigNode;
}

/**
 * All overrides as one tree, to be laid over a config.
 * @throws {LabError} for a word without `=`, an empty path or value, a path given twice or set both whole and in part
 */
export function parseOverrides(words: readonly string[]): ConfigNode {
  const top: Branch = { children: new Map(), origin: { kind: 'override', text: words.join(' ') } };
  for (const word of words) {
    const equals = word.indexOf('=');
    const path = equals < 0 ? word : word.slice(0, equals);
    const keys = path.split('.');
    if (equals < 0) throw new LabError(`${quoted(word)}: expected key=value, for example train.batchSize=64`);
    if (keys.includes(''))
      throw new LabError(`${quoted(word)}: expected key=value with words between the dots`);
    const shown = printable(path, longestShownPath);
    const wrong =
      keys.length > configLimits.depth
        ? 'nested deeper than a config may be'
        : keys.map(keyProblem).find((problem) => problem !== undefined);
    if (wrong !== undefined) throw new LabError(`${shown}: ${wrong} (override)`);
    if (word.slice(equals + 1).trim() === '') {
      throw new LabError(`${shown}: no value after "="; write null if nothing is meant (override)`);
    }
    const origin: Origin = { kind: 'override', text: word };
    let branch = top;
    for (const key of keys) {
      if (branch.leaf) throw clash(shown);
      const child = branch.children.get(key) ?? { children: new Map<string, Branch>(), origin };
      branch.children.set(key, child);
      branch = child;
    }
    if (branch.leaf || branch.children.size > 0) throw clash(shown);
    branch.leaf = parseOverrideValue(word.slice(equals + 1), shown, origin);
  }
  return toNode(top);
}

function clash(path: string): LabError {
  return new LabError(`${path}: set twice on the command line; keep one (override)`);
}

function toNode({ children, origin, leaf }: Branch): ConfigNode {
  if (leaf) return leaf;
  return {
    kind: 'object',
    entries: new Map([...children].map(([key, child]) => [key, toNode(child)])),
    origin,
  };
}
