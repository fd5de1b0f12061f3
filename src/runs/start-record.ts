/** What is kept of a start of a run, and its reading from a file that may be damaged. */
import { z } from 'zod';
import { dataError } from '../formats/data-error.ts';
import type { DonorRecord } from '../intervene/donor.ts';
import type { RunRecord } from './run-record.ts';

export interface StartRecord extends RunRecord {
  /** What the exemplar source calls itself. */
  readonly source: string;
  /** Whose weights its interventions use. */
  readonly donors?: readonly DonorRecord[];
}

/** Longer than any of them is; a figure's page shows them. */
const words = z.string().max(100_000);
const word = z.string().max(1000);

const startRecordSchema = z.looseObject({
  id: word.default(''), // records of older versions have none
  command: z.array(words).max(100_000),
  code: z.object({ version: word, commit: word.exactOptional(), changed: z.boolean().exactOptional() }),
  engine: z.record(word, z.unknown()),
  node: word,
  machine: z.object({ platform: word, arch: word, cpu: word, cpus: z.int().min(0) }),
  started: word,
  source: words,
  donors: z.array(z.object({ run: word, sequences: z.int().min(0), hash: word })).exactOptional(),
});

/**
 * @param value a record as JSON
 * @throws {LabError} exit code 65 naming the field
 */
export function checkedStartRecord(value: Readonly<Record<string, unknown>>, path: string): StartRecord {
  const result = startRecordSchema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw dataError(path, issue.path.map(String).join('.'), `${issue.message}: damaged or of another version`);
}
