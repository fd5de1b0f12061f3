/**
 * The machine code of the kernels as V8 tells it to Linux's profiler (`--perf-prof`; the file's format is that of the
 * kernel's tools/perf/Documentation/jitdump-specification.txt), and the kinds of vector instruction in it. Read to know
 * that a flag did what it says.
 */

/** Additions and multiplications of packed float32 by encoding, and what gives two other extensions away. */
export interface KernelCode {
  readonly bytes: number;
  readonly sse: number;
  readonly avx128: number;
  readonly avx256: number;
  /** Register broadcasts that only AVX2 has. */
  readonly avx2: number;
  /** Fused multiply-adds: there must be none. */
  readonly fused: number;
}

const headerBytesAt = 8;
const recordHeaderBytes = 16;
const codeLoad = 0;
/** Record header, then pid, tid, virtual address, address, size and index of the code. */
const nameAt = 56;

/** Looks at every function of a WebAssembly module in a dump of x64 code. */
export function readKernelCode(dump: Uint8Array): KernelCode {
  const view = new DataView(dump.buffer, dump.byteOffset, dump.byteLength);
  const counts = { bytes: 0, sse: 0, avx128: 0, avx256: 0, avx2: 0, fused: 0 };
  let at = view.getUint32(headerBytesAt, true);
  while (at + recordHeaderBytes <= dump.length) {
    const size = view.getUint32(at + 4, true);
    if (size < recordHeaderBytes) break; // the part of the file that was reserved but not written
    if (view.getUint32(at, true) === codeLoad) {
      const nameEnd = dump.indexOf(0, at + nameAt);
      const name = new TextDecoder().decode(dump.subarray(at + nameAt, nameEnd));
      if (name.includes('wasm-function[')) countInstructions(dump.subarray(nameEnd + 1, at + size), counts);
    }
    at += size;
  }
  return counts;
}

/** ADDPS and MULPS, as the byte after the opcode map. */
const isArithmetic = (opcode: number) => opcode === 0x58 || opcode === 0x59;
/** VFMADD 132, 213 and 231, packed and scalar. */
const fusedOpcodes: readonly number[] = [0x98, 0x99, 0xa8, 0xa9, 0xb8, 0xb9];
const broadcastRegister = 0x18;

/** Goes byte by byte, not instruction by instruction: a few chance hits inside of addresses do not matter. */
function countInstructions(code: Uint8Array, counts: { -readonly [K in keyof KernelCode]: number }): void {
  counts.bytes += code.length;
  const arithmetic = (isWide: boolean) => counts[isWide ? 'avx256' : 'avx128']++;
  for (let i = 0; i + 4 < code.length; i++) {
    const [first, second, third, fourth, fifth] = code.subarray(i, i + 5);
    if (first === 0x0f && isArithmetic(second)) counts.sse++;
    // The two-byte VEX prefix; bit 2 of its last byte says 256 bits.
    if (first === 0xc5 && isArithmetic(third)) arithmetic((second & 4) !== 0);
    if (first !== 0xc4) continue;
    // The three-byte one; its second byte ends in the opcode map.
    const map = second & 0x1f;
    if (map === 1 && isArithmetic(fourth)) arithmetic((third & 4) !== 0);
    if (map === 2 && fourth === broadcastRegister && (third & 0x7f) === 0x79 && fifth >= 0xc0) counts.avx2++;
    if (map === 2 && fusedOpcodes.includes(fourth)) counts.fused++;
  }
}
