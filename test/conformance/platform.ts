/** What a conformance suite needs of the place it runs in; the two `*.test.ts` beside this file supply it. */
export interface Platform {
  readonly name: 'node' | 'chromium';
  /** The bytes of build/kernels.wasm. */
  kernelBytes(): Promise<Uint8Array<ArrayBuffer>>;
}
