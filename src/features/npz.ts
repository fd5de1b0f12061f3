/** One array out of an `.npz` archive, as numpy.savez makes them. */
import { readNpy, type NumberArray } from '../formats/npy.ts';
import { readZip } from '../formats/zip.ts';
import { quoted } from '../formats/data-error.ts';
import { namedArray } from './named-array.ts';

const ending = '.npy';
const limits = { entries: 10_000, fileBytes: 2 ** 31 - 1, totalBytes: 2 ** 31 - 1 };

/** @throws {LabError} exit code 65 */
export function readNpz(bytes: Uint8Array, file: string, wanted: string | undefined): NumberArray {
  const names: string[] = [];
  const isNone = (name: string) => {
    if (name.endsWith(ending)) names.push(name.slice(0, -ending.length));
    return false;
  };
  readZip(bytes, file, isNone, limits);
  const name = namedArray(names, wanted, file);
  const content = readZip(bytes, file, (entry) => entry === `${name}${ending}`, limits);
  return readNpy(content.get(`${name}${ending}`) ?? new Uint8Array(0), `${file}: ${quoted(name)}`);
}
