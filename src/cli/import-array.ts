/** Arrays of features out of files of others, by the files' endings. */
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ExemplarSource } from '../data/exemplar-source.ts';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { readHdf5 } from '../features/hdf5.ts';
import { assertShape, importedSource } from '../features/imported.ts';
import { namedArray } from '../features/named-array.ts';
import { readNpz } from '../features/npz.ts';
import { readParquetFeatures } from '../features/parquet-features.ts';
import { dataError, quoted } from '../formats/data-error.ts';
import { type NumberArray, readNpy } from '../formats/npy.ts';
import { type ElementType, floatsOf } from '../formats/numbers.ts';
import { type AnyTensorType, readSafetensorsHeader, type TensorPlace } from '../formats/safetensors.ts';
import { cannotRead } from '../runs/storage/commit-file.ts';
import { readLimited } from '../runs/storage/read-limited.ts';

export const importEndings = ['npy', 'npz', 'safetensors', 'h5', 'hdf5', 'parquet'] as const;

/** Bytes read in one piece. */
const mostBytes = 2 ** 31 - 1;
const headBytes = 8 + 2 ** 20;

const elementOf: Readonly<Record<AnyTensorType, ElementType>> = {
  F64: 'f8',
  F32: 'f4',
  F16: 'f2',
  BF16: 'b2',
  I64: 'i8',
  I32: 'i4',
  U16: 'u2',
  U8: 'u1',
  I8: 'i1',
};

/**
 * @param dataset which array, where a file holds several
 * @param name what the features are; default the file's name
 * @throws {LabError} 64 for a file of no kind that is known, 65 for one that is damaged or holds no such array
 */
export async function importArray(
  file: string,
  dataset: string | undefined,
  name = basename(file),
): Promise<ExemplarSource> {
  return importedSource(await readArray(file, dataset), file, name);
}

async function readArray(file: string, dataset: string | undefined): Promise<NumberArray> {
  const ending = importEndings.find((each) => file.toLowerCase().endsWith(`.${each}`));
  switch (ending) {
    case undefined:
      throw new LabError(`import "${file}": expected a file that ends in .${importEndings.join(', .')}`);
    case 'npy':
      return readNpy(await readWhole(file), file);
    case 'npz':
      return readNpz(await readWhole(file), file, dataset);
    case 'parquet':
      return readParquetFeatures(new Uint8Array(await readWhole(file)), file);
    case 'safetensors':
      return readTensor(file, dataset);
    case 'h5':
    case 'hdf5':
      await readRange(file, 0, 0); // says it in our words where there is none
      return readHdf5(file, dataset);
  }
}

async function readWhole(file: string): Promise<Uint8Array> {
  const bytes = await readLimited(file, mostBytes).catch((error: unknown) => {
    throw cannotRead(file, error);
  });
  if (bytes !== undefined) return bytes;
  throw new LabError(
    `${file}: more than the ${mostBytes} bytes that can be read in one piece`,
    exitCodes.badData,
  );
}

/** Part of a file, and the size of all; fewer bytes where it ends before. */
async function readRange(
  file: string,
  begin: number,
  length: number,
): Promise<{ readonly bytes: Uint8Array; readonly size: number }> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - begin)));
      let at = 0;
      while (at < bytes.length) {
        const { bytesRead } = await handle.read(bytes, at, bytes.length - at, begin + at);
        if (bytesRead === 0) break;
        at += bytesRead;
      }
      return { bytes: bytes.subarray(0, at), size };
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw cannotRead(file, error);
  }
}

/** One tensor: a file with a language model's weights may be much larger than it. */
async function readTensor(file: string, wanted: string | undefined): Promise<NumberArray> {
  const { bytes: head, size } = await readRange(file, 0, headBytes);
  const types = Object.keys(elementOf) as AnyTensorType[];
  const { places, dataBegin } = readSafetensorsHeader(head, size, file, { types });
  const name = namedArray([...places.keys()], wanted, file);
  const { shape, type, begin, end } = placeOf(places, name);
  assertShape(shape, `${file}: ${quoted(name)}`);
  if (end - begin > mostBytes)
    throw dataError(
      file,
      quoted(name),
      `${end - begin} bytes, more than the ${mostBytes} that can be read in one piece`,
    );
  const { bytes } = await readRange(file, dataBegin + begin, end - begin);
  return { shape, values: floatsOf(bytes, elementOf[type]) };
}

function placeOf(places: ReadonlyMap<string, TensorPlace>, name: string): TensorPlace {
  const place = places.get(name);
  if (place === undefined) throw new RangeError(`${name}: not among the names it was chosen from`);
  return place;
}
