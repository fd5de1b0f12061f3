/** One competitor as a process: started with the file of weights and batches, it tells its losses, then waits to be timed. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { exitCodes, LabError } from '../../src/errors/lab-error.ts';
import { type EngineVariant, variantText, variantWords } from '../../src/measure/engine-variant.ts';
import type { ShapeName } from '../../src/measure/shapes.ts';

export interface Peer {
  readonly name: string;
  /** The engine variant where it is ours. */
  readonly variant?: EngineVariant;
  readonly command: (file: string, shape: ShapeName) => readonly string[];
  /** Why it cannot be measured here; undefined where it can. */
  readonly missing: () => string | undefined;
}

/** What a peer says when it is ready. */
export interface PeerStart {
  readonly version: string;
  /** Of the file's batches in order, each before its update. */
  readonly losses: readonly number[];
}

export interface PeerTimes {
  /** Milliseconds per step, one figure for each pass over the batches. */
  readonly stepMs: readonly number[];
  /** Drawing a batch, where the peer does it and it is not part of the step. */
  readonly samplerMs?: readonly number[];
  /** Of its own matrix product, on as many cores as it takes. */
  readonly gemmGflops: number;
}

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const python = () =>
  [here('.venv/bin/python'), here('.venv/Scripts/python.exe')].find((path) => existsSync(path));

function pythonPeer(name: string, program: string, module: string, ...words: string[]): Peer {
  return {
    name,
    command: (file) => [python() ?? 'python3', here(program), file, ...words],
    missing: () => {
      const path = python();
      const script = `import importlib.util, sys; sys.exit(importlib.util.find_spec("${module}") is None)`;
      if (path !== undefined && spawnSync(path, ['-c', script]).status === 0) return undefined;
      return `${module} is not installed; bench/peers/setup installs it`;
    },
  };
}

function ownPeer(variant: EngineVariant): Peer {
  return {
    name: `iclab, ${variantText(variant)}`,
    variant,
    command: (_, shape) => [process.execPath, here('iclab-step.ts'), shape, ...variantWords(variant)],
    missing: () => undefined,
  };
}

/** Ours first: the others' losses are compared with it. */
export function peers(variants: readonly EngineVariant[]): Peer[] {
  return [
    ...variants.map(ownPeer),
    pythonPeer('JAX, lean', 'jax_lean.py', 'jax'),
    pythonPeer('JAX, as released', 'jax_released.py', 'jax'),
    pythonPeer('PyTorch, eager', 'torch_step.py', 'torch'),
    pythonPeer('PyTorch, compiled', 'torch_step.py', 'torch', 'compile'),
    {
      name: 'jax-js',
      command: (file) => [process.execPath, here('jax-js-step.mjs'), file],
      missing: () =>
        existsSync(here('node_modules/@jax-js/jax'))
          ? undefined
          : 'jax-js is not installed; bench/peers/setup installs it',
    },
  ];
}

export class PeerProcess {
  readonly peer: Peer;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;

  constructor(peer: Peer, file: string, shape: ShapeName) {
    this.peer = peer;
    const [program, ...words] = peer.command(file, shape);
    const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    this.#reader = createInterface({ input: child.stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  async start(): Promise<PeerStart> {
    return (await this.#answer()) as PeerStart;
  }

  async time(passes: number): Promise<PeerTimes> {
    this.#child.stdin?.write(`${passes}\n`);
    return (await this.#answer()) as PeerTimes;
  }

  close(): void {
    this.#reader.close();
    this.#child.kill();
  }

  async #answer(): Promise<unknown> {
    const line = await this.#lines.next();
    if (line.done === true) {
      throw new LabError(
        `bench/peers: "${this.peer.name}" ended before it answered; see its own words above, or leave it out (--without)`,
        exitCodes.crash,
      );
    }
    return JSON.parse(line.value);
  }
}
