/** The golden hashes in Chromium. */
import { goldenHashesSuite } from './golden-suite.ts';

goldenHashesSuite({
  name: 'chromium',
  kernelBytes: async () => {
    const response = await fetch('/build/kernels.wasm');
    if (!response.ok)
      throw new Error(`/build/kernels.wasm: HTTP ${response.status}; npm run build:kernels makes it`);
    return new Uint8Array(await response.arrayBuffer());
  },
});
