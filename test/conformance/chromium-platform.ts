/** Chromium as a conformance suite needs it. */
import type { Platform } from './platform.ts';

export const chromiumPlatform: Platform = {
  name: 'chromium',
  kernelBytes: async () => {
    const response = await fetch('/build/kernels.wasm');
    if (!response.ok)
      throw new Error(`/build/kernels.wasm: HTTP ${response.status}; npm run build:kernels makes it`);
    return new Uint8Array(await response.arrayBuffer());
  },
};
