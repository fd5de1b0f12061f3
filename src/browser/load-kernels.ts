/** The compiled kernels in a browser, and what identifies them. */
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { sha256 } from '../runs/state-hash.ts';

export interface BrowserKernels {
  readonly module: WebAssembly.Module;
  /** First 12 hexadecimal digits of the file's SHA-256, where the browser gives it and the file was fetched here. */
  readonly hash?: string;
}

/**
 * @param kernels where they are, or what they are
 * @throws {LabError} exit code 70 where they cannot be fetched, or the browser cannot compile them
 */
export async function loadKernels(kernels: string | WebAssembly.Module): Promise<BrowserKernels> {
  if (typeof kernels !== 'string') return { module: kernels };
  const bytes = await fetchBytes(kernels);
  const isHashable = (crypto as Partial<Crypto>).subtle !== undefined;
  const hash = isHashable ? { hash: (await sha256(bytes)).slice(0, 12) } : {};
  try {
    return { module: await WebAssembly.compile(bytes), ...hash };
  } catch (error) {
    throw new LabError(
      `${kernels}: not WebAssembly that this browser can compile; serve build/kernels.wasm there, or take a newer browser`,
      exitCodes.crash,
      { cause: error },
    );
  }
}

async function fetchBytes(url: string): Promise<Uint8Array<ArrayBuffer>> {
  let why: string;
  try {
    const response = await fetch(url);
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    why = `HTTP ${response.status}`;
  } catch (error) {
    why = error instanceof Error ? error.message : String(error);
  }
  throw new LabError(
    `${url}: the kernels cannot be fetched (${why}); serve build/kernels.wasm there, or say where it is (kernels)`,
    exitCodes.crash,
  );
}
