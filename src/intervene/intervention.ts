/**
 * Interventions ("artificial optogenetics") as data: every kind's spec in one schema, and as one line each
 * (docs/specification.md, "Interventions").
 */
import { z } from 'zod';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { didYouMean } from '../errors/nearest.ts';
import { quoted } from '../formats/data-error.ts';
import type { Claim, Target } from './claim.ts';
import { type DonorReference, donorKey } from './donor.ts';
import type { Kind } from './kind.ts';
import { ablateEmbedding } from './kinds/ablate-embedding.ts';
import { ablateHeads } from './kinds/ablate-heads.ts';
import { clamp, clampClaims, type FunctionClamp } from './kinds/clamp.ts';
import { forbidPreviousToken } from './kinds/forbid-previous-token.ts';
import { graftIn, graftOut } from './kinds/graft.ts';
import { headTemperature } from './kinds/head-temperature.ts';
import { inductionHeads } from './kinds/induction-heads.ts';
import { labelsOnly } from './kinds/labels-only.ts';
import { matchHeads } from './kinds/match-heads.ts';
import { outputFromHead } from './kinds/output-from-head.ts';
import { preserve } from './kinds/preserve.ts';
import { previousTokenHeads } from './kinds/previous-token-heads.ts';

const kinds = {
  ablateHeads,
  preserve,
  ablateEmbedding,
  inductionHeads,
  previousTokenHeads,
  forbidPreviousToken,
  headTemperature,
  labelsOnly,
  matchHeads,
  outputFromHead,
  graftIn,
  graftOut,
  clamp,
} as const;

/** One intervention as a run's config holds it. */
export const interventionSchema = z.discriminatedUnion('kind', [
  ablateHeads.schema,
  preserve.schema,
  ablateEmbedding.schema,
  inductionHeads.schema,
  previousTokenHeads.schema,
  forbidPreviousToken.schema,
  headTemperature.schema,
  labelsOnly.schema,
  matchHeads.schema,
  outputFromHead.schema,
  graftIn.schema,
  graftOut.schema,
  clamp.schema,
]);

/** A run's. */
export const interventionsSchema = z.array(interventionSchema).min(1);

/** Can be written down, with every default filled in. */
export type Intervention = z.output<typeof interventionSchema>;
export type InterventionInput = z.input<typeof interventionSchema>;
export type Graft = Extract<Intervention, { kind: 'graftIn' | 'graftOut' }>;
/** What a program may also give. */
export type AnyIntervention = Intervention | FunctionClamp;

/** Kinds by name, each with a line as an example. */
export const interventionExamples: readonly string[] = Object.values(kinds).map(({ example }) => example);

function kindNamed(name: string): Kind | undefined {
  const known: Readonly<Record<string, unknown>> = kinds;
  return Object.hasOwn(known, name) ? (known[name] as Kind) : undefined;
}

/**
 * One line to a spec: `ablateHeads=0:1,0:4`, or the JSON of any kind.
 * @throws LabError exit code 64 with the nearest kind, or how it is written
 */
export function parseIntervention(line: string): Intervention {
  const text = line.trim();
  if (text.startsWith('{')) return checked(jsonFields(text), text);
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const kind = knownKind(name);
  return checked({ kind: name, ...kind.fromLine(equals < 0 ? '' : text.slice(equals + 1)) }, text);
}

function knownKind(name: string): Kind {
  const kind = kindNamed(name);
  if (kind) return kind;
  const known = Object.keys(kinds);
  throw new LabError(
    `intervention: unknown kind ${quoted(name)}${didYouMean(name, known)} (kinds: ${known.join(', ')})`,
  );
}

function jsonFields(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LabError(`intervention: not readable as JSON: ${quoted(text)}`, exitCodes.badInput, {
      cause: error,
    });
  }
}

function checked(fields: unknown, text: string): Intervention {
  const { example } = knownKind(String((fields as { kind?: unknown } | null)?.kind));
  const result = interventionSchema.safeParse(fields);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue.path.map(String).join('.');
  throw new LabError(
    `intervention ${quoted(text)}: ${path === '' ? '' : `${path}: `}${issue.message}; write it like ${example}`,
  );
}

/** One line that gives the same spec again. */
export function printIntervention(spec: Intervention): string {
  return `${spec.kind}=${kindNamed(spec.kind)!.toLine(spec)}`;
}

/** What to call one of a list in errors. */
export function interventionName(spec: AnyIntervention, index: number): string {
  const line = isFunctionClamp(spec) ? 'clamp by a function' : printIntervention(spec);
  return `interventions[${index}] (${line.length > 100 ? `${line.slice(0, 97)}...` : line})`;
}

export function isFunctionClamp(spec: AnyIntervention): spec is FunctionClamp {
  return spec.kind === 'clamp' && (typeof spec.site === 'function' || typeof spec.value === 'function');
}

export function isGraft(spec: AnyIntervention): spec is Graft {
  return spec.kind === 'graftIn' || spec.kind === 'graftOut';
}

/** What a spec claims of a model. @throws LabError where the model has no such head, block or site */
export function claimsOf(spec: AnyIntervention, target: Target): readonly Claim[] {
  return spec.kind === 'clamp' ? clampClaims(spec, target) : kindNamed(spec.kind)!.claims(spec, target);
}

/** Donors that some specs need, each once, in their order. */
export function donorsOf(specs: readonly AnyIntervention[]): DonorReference[] {
  const donors = new Map<string, DonorReference>();
  for (const spec of specs) {
    const reference = isGraft(spec) ? spec : spec.kind === 'clamp' ? spec.value : undefined;
    if (typeof reference === 'object' && 'run' in reference) {
      const { run, sequences } = reference;
      donors.set(donorKey(reference), { run, sequences });
    }
  }
  return [...donors.values()];
}
