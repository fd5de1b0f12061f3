/** Ways of running the same engine that give the same numbers at another speed: the axis of the measurements. */

export interface EngineVariant {
  readonly threads: number;
  /** Bits of a vector operation. Wasm has 128; V8 can pack two of them into one. */
  readonly vectorBits: 128 | 256;
}

/** Whether this Node can pack pairs of 128-bit vectors: its V8 was built for it, and the processor is x64. */
function packsVectors(): boolean {
  const built = process.config.variables as Readonly<Record<string, unknown>>;
  return process.arch === 'x64' && Number(built.v8_enable_wasm_simd256_revec) === 1;
}

/** All there are on this machine, the plainest first. */
export function engineVariants(): EngineVariant[] {
  const plain: EngineVariant = { threads: 1, vectorBits: 128 };
  return packsVectors() ? [plain, { threads: 1, vectorBits: 256 }] : [plain];
}

/** Options of Node that a process of this variant is started with. */
export function nodeFlags({ vectorBits }: EngineVariant): string[] {
  return vectorBits === 256 ? ['--experimental-wasm-revectorize'] : [];
}

/** `1 thread, 256 bits`. */
export function variantText({ threads, vectorBits }: EngineVariant): string {
  return `${threads} thread${threads === 1 ? '' : 's'}, ${vectorBits} bits`;
}
