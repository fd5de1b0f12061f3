/** One data set out of an HDF5 file, as the original's `resnet18/224/feat`; read by the HDF5 library in WebAssembly. */
import { dataError, printable, quoted } from '../formats/data-error.ts';
import { LabError } from '../errors/lab-error.ts';
import type { NumberArray } from '../formats/npy.ts';
import { assertShape } from './imported.ts';
import { namedArray } from './named-array.ts';

/** Numbers in one piece of memory. */
const mostNumbers = 2 ** 29;
/** Names looked through. */
const mostPaths = 10_000;

/**
 * @param file its path: the library reads it by itself, no more than it needs
 * @param wanted path of the data set; may be left out where there is only one array of numbers
 * @throws {LabError} exit code 65; one that lists what is there where the data set is not
 */
export async function readHdf5(file: string, wanted: string | undefined): Promise<NumberArray> {
  // Loaded only now: 4 MB of WebAssembly.
  const { default: h5wasm, Dataset } = await import('h5wasm/node');
  const library = await h5wasm.ready;
  // Or it prints a page for each thing that goes wrong.
  library.activate_throwing_error_handler();
  let opened;
  try {
    opened = new h5wasm.File(file, 'r');
    const root = opened;
    const paths = root.paths().slice(0, mostPaths);
    const arrays = paths.filter((path) => {
      const found = root.get(path);
      return found instanceof Dataset && isNumeric(found.metadata.type);
    });
    const asked = wanted?.replace(/^\/+/, '');
    const name = namedArray(arrays, asked, file);
    const dataset = root.get(name);
    if (!(dataset instanceof Dataset)) throw new TypeError('it has changed');
    const shape = dataset.shape ?? [];
    assertShape(shape, `${file}: ${quoted(name)}`);
    return { shape, values: readValues(dataset, shape, `${file}: ${quoted(name)}`) };
  } catch (error) {
    if (error instanceof LabError) throw error;
    // Of its stack of reasons the innermost says most.
    const text = error instanceof Error ? error.message : String(error);
    const reason = [...text.matchAll(/minor: (.*)/g)].at(-1)?.[1] ?? text.split('\n')[0];
    throw dataError(file, '', `not a sound HDF5 file (${printable(reason, 80)}); damaged?`);
  } finally {
    opened?.close();
  }
}

/** HDF5's classes: 0 whole numbers, 1 floating point. */
function isNumeric(type: number): boolean {
  return type === 0 || type === 1;
}

/** Class by class, so that no second copy of all is needed. */
function readValues(
  dataset: { slice(ranges: [number, number][]): unknown },
  [classes, exemplars, dim]: readonly number[],
  what: string,
): Float32Array {
  const row = exemplars * dim;
  if (classes * row > mostNumbers)
    throw dataError(what, '', `${classes * row} numbers, more than the ${mostNumbers} that fit into memory`);
  const values = new Float32Array(classes * row);
  const together = Math.max(1, Math.floor(2 ** 20 / row));
  for (let first = 0; first < classes; first += together) {
    const end = Math.min(classes, first + together);
    const part = dataset.slice([
      [first, end],
      [0, exemplars],
      [0, dim],
    ]);
    if (!ArrayBuffer.isView(part) || part instanceof DataView)
      throw new TypeError('something else than numbers');
    const numbers = part as unknown as ArrayLike<number | bigint>;
    if (numbers.length !== (end - first) * row) throw new RangeError('data that end early');
    for (let i = 0; i < numbers.length; i++) values[first * row + i] = Number(numbers[i]);
  }
  return values;
}
