/** Files of features on this disk: what they say of themselves, and the exemplar source they are. */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { ExemplarSource } from '../data/exemplar-source.ts';
import type { FeatureFacts, StoredSourceConfig } from '../data/stored/config.ts';
import {
  checkedParts,
  decodeStore,
  mostHeaderBytes,
  readStoreHeader,
  type StoreHeader,
  storedSource,
} from '../data/stored/store.ts';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { dataError } from '../formats/data-error.ts';
import { storageReason } from './storage/commit-file.ts';

/** Bytes a file of features may have: what one piece of memory holds. */
const mostBytes = 2 ** 31 - 1;

/** SHA-256 of pieces of memory, one after the other. */
export function sha256Of(parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/**
 * What the head of a file says: the features themselves are not read.
 * @throws {LabError} exit code 65 for a file that is not there or no file of features
 */
export function readFeatureHeader(file: string): StoreHeader {
  return withFile(file, (descriptor, bytes) => {
    const head = new Uint8Array(Math.min(bytes, 8 + mostHeaderBytes));
    let length = 0;
    while (length < head.length) {
      const read = readSync(descriptor, head, length, head.length - length, length);
      if (read === 0) break;
      length += read;
    }
    return readStoreHeader(head.subarray(0, length), bytes, file);
  });
}

/** What fills in a config that names the file. @throws {LabError} as `readFeatureHeader` */
export function featureFacts(file: string): FeatureFacts {
  return readFeatureHeader(file).facts;
}

/**
 * Reads a file's features, their checksum verified, into memory: as many bytes as the file has.
 * @throws {LabError} exit code 65 for a file that is not there, damaged, or holds other features than the config says
 */
export function openFeatureFile({ file, sha256, ...size }: StoredSourceConfig): ExemplarSource {
  const store = withFile(file, (descriptor) => decodeStore(readFileSync(descriptor), file));
  const { facts } = store;
  if (facts.sha256 !== sha256) {
    throw dataError(
      file,
      '',
      `other features than this run has: checksum ${facts.sha256.slice(0, 12)}, expected ${sha256.slice(0, 12)}; ` +
        'put the file back that it began with',
    );
  }
  for (const key of ['classes', 'exemplars', 'dim'] as const) {
    if (facts[key] !== size[key])
      throw new LabError(`data.source.${key}: the file has ${facts[key]}; got ${size[key]}; leave it out`);
  }
  if (sha256Of(checkedParts(store)) !== sha256)
    throw dataError(
      file,
      '',
      'the features do not match their checksum: damaged; make the file anew (iclab data)',
    );
  return storedSource(store);
}

function withFile<T>(file: string, read: (descriptor: number, bytes: number) => T): T {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    throw noFeatures(file, error);
  }
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile()) throw dataError(file, '', 'not a file; expected one that iclab data made');
    if (status.size > mostBytes)
      throw dataError(file, '', `${status.size} bytes, more than the ${mostBytes} it may have`);
    return read(descriptor, status.size);
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw noFeatures(file, error);
  } finally {
    closeSync(descriptor);
  }
}

function noFeatures(file: string, error: unknown): LabError {
  return new LabError(
    `data.source.file "${file}": cannot be read: ${storageReason(error)}; iclab data makes such files, and ` +
      'data.source.file=PATH says where one is now',
    exitCodes.badData,
    { cause: error },
  );
}
