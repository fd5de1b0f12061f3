/**
 * Fingerprints of numbers and of a training state, to hold two runs to the same bits wherever they ran. Browser-safe;
 * browsers have SHA-256 only in pages from https or localhost.
 */
import type { Numbers } from '../engine/kernels.ts';

export interface NamedTensor {
  readonly shape: readonly number[];
  readonly data: Numbers;
}

/** A state at one moment. */
export interface StateHashes {
  /** SHA-256 over names, shapes and bytes of all tensors, in their order. */
  readonly state: string;
  /** First 8 digits of the SHA-256 of each tensor alone, in the same order, separated by spaces: to say which differs. */
  readonly tensors: string;
}

/** SHA-256 of the bytes of numbers, in hexadecimal. They are copied first: the memory may be shared and go on changing. */
export async function sha256(values: ArrayBufferView): Promise<string> {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** SHA-256 of a text in UTF-8, in hexadecimal. */
export function hashText(text: string): Promise<string> {
  return sha256(new TextEncoder().encode(text));
}

/** @param tensors of a trainer (`stateTensors`), which must not be trained on until the promise is kept */
export async function hashState(tensors: ReadonlyMap<string, NamedTensor>): Promise<StateHashes> {
  const parts: string[] = [];
  for (const [name, { shape, data }] of tensors) {
    parts.push(await hashText(`${name} [${shape.join()}] ${await sha256(data)}`));
  }
  return { state: await hashText(parts.join()), tensors: parts.map((hash) => hash.slice(0, 8)).join(' ') };
}
