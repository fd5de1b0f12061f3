/**
 * Features out of a Parquet table: a column `class`, and either a column `features` of lists or one column of numbers for
 * each feature, in their order. Exemplars of a class are its rows in order (a column `exemplar` is left aside).
 */
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { LabError } from '../errors/lab-error.ts';
import { dataError, quoted } from '../formats/data-error.ts';
import type { NumberArray } from '../formats/npy.ts';

const mostRows = 10_000_000;
/** Numbers in one piece of memory. */
const mostNumbers = 2 ** 28;

/** @param most numbers it may hold @throws {LabError} exit code 65 */
export async function readParquetFeatures(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
  most = mostNumbers,
): Promise<NumberArray> {
  const buffer = bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
  let rows: Record<string, unknown>[];
  try {
    const metadata = parquetMetadata(buffer);
    const count = Number(metadata.num_rows);
    if (count > mostRows || count * metadata.schema.length > most)
      throw dataError(
        file,
        '',
        `${count} rows of ${metadata.schema.length} columns are more than it may have`,
      );
    rows = await parquetReadObjects({ file: buffer, metadata });
  } catch (error) {
    if (error instanceof LabError) throw error;
    // What the reader says of it is about its own insides.
    throw dataError(
      file,
      '',
      'not a Parquet file that can be read; damaged, or packed in a way that is not known?',
    );
  }
  return featuresOfRows(rows, file);
}

/** @throws {LabError} exit code 65 */
export function featuresOfRows(rows: readonly Record<string, unknown>[], file: string): NumberArray {
  const [first] = rows;
  if (first === undefined) throw dataError(file, '', 'holds no rows');
  const columns = Object.keys(first);
  if (!columns.includes('class'))
    throw dataError(
      file,
      '',
      `no column "class"; there are ${columns.slice(0, 8).map(quoted).join(', ')}`.slice(0, 290),
    );
  const numbered = columns.filter((name) => name !== 'class' && name !== 'exemplar');
  const isList = numbered.length === 1 && numbered[0] === 'features';
  const vectorOf = (row: Record<string, unknown>): readonly unknown[] => {
    if (!isList) return numbered.map((name) => row[name]);
    return isArrayLike(row.features) ? Array.from(row.features) : [];
  };
  const dim = vectorOf(first).length;
  const byClass = Map.groupBy(rows, (row) => String(row.class));
  const exemplars = byClass.get(String(first.class))?.length ?? 0;
  const values = new Float32Array(rows.length * dim);
  let at = 0;
  for (const [name, members] of byClass) {
    if (members.length !== exemplars)
      throw dataError(
        file,
        `class ${quoted(name)}`,
        `${members.length} rows; expected ${exemplars}, as the first class has`,
      );
    for (const row of members) {
      const vector = vectorOf(row);
      if (vector.length !== dim)
        throw dataError(file, `class ${quoted(name)}`, `a row of ${vector.length} features; expected ${dim}`);
      for (const value of vector) {
        if (typeof value !== 'number' && typeof value !== 'bigint')
          throw dataError(
            file,
            `class ${quoted(name)}`,
            `a feature is ${value === null ? 'missing' : 'no number'}`,
          );
        values[at++] = Number(value);
      }
    }
  }
  return { shape: [byClass.size, exemplars, dim], values };
}

function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}
