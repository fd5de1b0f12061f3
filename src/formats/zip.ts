/**
 * Files out of a zip archive that may come from anywhere: every one that is wanted has its size checked before it is
 * unpacked, and gives just as many bytes as it declares.
 */
import { unzipSync, type UnzipFileInfo } from 'fflate';
import { LabError } from '../errors/lab-error.ts';
import { dataError, printable, quoted } from './data-error.ts';

export interface ZipLimits {
  /** Entries of the archive, wanted or not. */
  readonly entries: number;
  /** Bytes of one wanted file, unpacked. */
  readonly fileBytes: number;
  /** Bytes of all wanted files, unpacked. */
  readonly totalBytes: number;
}

/**
 * @param file what to call the archive in errors
 * @param isWanted by a file's name in the archive; folders have names that end in a slash
 * @returns bytes by name, in the archive's order
 * @throws {LabError} exit code 65: not a zip archive, cut short, damaged, two files of one name, or beyond a limit
 */
export function readZip(
  bytes: Uint8Array,
  file: string,
  isWanted: (name: string) => boolean,
  limits: ZipLimits,
): Map<string, Uint8Array> {
  const sizes = new Map<string, number>();
  let entries = 0;
  let total = 0;
  const filter = ({ name, originalSize, compression }: UnzipFileInfo): boolean => {
    entries++;
    if (entries > limits.entries)
      throw dataError(file, '', `more than the ${limits.entries} entries it may have`);
    if (!isWanted(name)) return false;
    if (compression !== 0 && compression !== 8)
      throw dataError(
        file,
        quoted(name),
        `packed by method ${compression}; expected 0 (stored) or 8 (deflate)`,
      );
    if (originalSize > limits.fileBytes) {
      throw dataError(
        file,
        quoted(name),
        `${originalSize} bytes unpacked, more than the ${limits.fileBytes} it may have`,
      );
    }
    total += originalSize;
    if (total > limits.totalBytes)
      throw dataError(file, '', `more than ${limits.totalBytes} bytes unpacked, all that it may have`);
    if (sizes.has(name)) throw dataError(file, quoted(name), 'two files of this name');
    sizes.set(name, originalSize);
    return true;
  };
  let unpacked: Record<string, Uint8Array>;
  try {
    unpacked = unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof LabError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw dataError(file, '', `no sound zip archive (${printable(reason, 80)}); cut short? get it anew`);
  }
  const files = new Map<string, Uint8Array>();
  for (const [name, size] of sizes) {
    const content = Object.hasOwn(unpacked, name) ? unpacked[name] : new Uint8Array(0);
    if (content.length !== size)
      throw dataError(file, quoted(name), `${content.length} of ${size} bytes; cut short? get it anew`);
    files.set(name, content);
  }
  return files;
}
