/**
 * 256-bit vectors. WebAssembly has vectors of 128 bits; on x64 V8 can pack two neighbouring operations into one of 256
 * ("revectorization", off by default). It is switched on here, in process, before the kernels are compiled, and stays on
 * only where the kernels were then seen to be faster and to give the same bytes (`vector-probe.ts`). The switch is the
 * process's, so what the first run of a process gets holds for all of them, workers included.
 */
import { setFlagsFromString } from 'node:v8';
import { tallTilesMark } from '../engine/wasm/marked-module.ts';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { kernelBytes, type KernelModule, loadKernelModule } from './kernel-module.ts';
import { probeVectors, type VectorProbe } from './vector-probe.ts';

export type VectorBits = 128 | 256;
/** `auto`: 256 where that is to be had. */
export type VectorWish = 'auto' | VectorBits;

/** What a run has: with 256 bits, whether tiles of 4 rows are faster than of 2; with 128, why not 256. */
export type VectorWidth =
  | { readonly bits: 256; readonly isTall: boolean }
  | { readonly bits: 128; readonly reason: string };

/** What decides whether V8 can pack at all. */
export interface VectorMachine {
  readonly arch: string;
  readonly platform: string;
  /** Versions, without a leading v. */
  readonly node: string;
  readonly v8: string;
  /** Whether this V8 was built with the feature. */
  readonly isBuiltIn: boolean;
  /** Node's own options. */
  readonly execArgv: readonly string[];
}

export const thisMachine = (): VectorMachine => ({
  arch: process.arch,
  platform: process.platform,
  node: process.versions.node,
  v8: process.versions.v8,
  isBuiltIn: Boolean(
    (process.config.variables as Readonly<Record<string, unknown>>).v8_enable_wasm_simd256_revec,
  ),
  execArgv: process.execArgv,
});

const firstNode = 24;
const askedFor = 'asked for';

/** Why this machine's V8 cannot pack, so that it is not even tried. */
export function obstacleTo256(machine: VectorMachine): string | undefined {
  const { arch, platform, node, isBuiltIn, execArgv } = machine;
  if (arch !== 'x64') return `V8 has them on x64 alone, this is ${arch}`;
  if (platform !== 'linux' && platform !== 'win32')
    return `V8 has them on Linux and Windows alone, this is ${platform}`;
  if (Number.parseInt(node, 10) < firstNode) return `Node ${node} has none, ${firstNode} or newer does`;
  if (!isBuiltIn) return `this build of Node ${node} has V8 without them`;
  if (execArgv.includes('--liftoff-only')) return 'Node was started with --liftoff-only';
  return undefined;
}

/** V8's name of the switch. */
export function packingFlag(v8: string, isOn: boolean): string {
  const [major, minor] = v8.split('.').map(Number);
  const isStable = major > 15 || (major === 15 && minor >= 4);
  return `--${isOn ? '' : 'no-'}${isStable ? '' : 'experimental-'}wasm-revectorize`;
}

/** What of this process may be replaced in a test. */
export interface VectorSwitch {
  readonly machine: VectorMachine;
  readonly setFlag: (flag: string) => void;
  readonly probe: (startPacking: () => void, patienceMs: number) => VectorProbe;
}

/**
 * How long V8 may take to compile the kernels, and the packed ones to show that they are faster: long where nothing else
 * will do, for a run that ends for a busy neighbour's sake helps nobody.
 */
const probePatienceMs: Readonly<Record<'auto' | 256, number>> = { auto: 250, 256: 5000 };
/** For a run that has the whole time neighbours who compute, and is to have 256 bits all the same. */
const besideOthersMs = 2000;

const thisProcess = (): VectorSwitch => ({
  machine: thisMachine(),
  setFlag: setFlagsFromString,
  probe: (startPacking, patienceMs) => probeVectors(kernelBytes(), startPacking, patienceMs),
});

/** Tries 256 bits, and leaves V8's switch as the answer says. @throws {LabError} 70 where a kernel's bytes differ */
export function tryVectors(
  wish: VectorWish,
  { machine, setFlag, probe }: VectorSwitch,
  patienceMs = wish === 128 ? 0 : probePatienceMs[wish],
): VectorWidth {
  const obstacle = obstacleTo256(machine);
  if (obstacle !== undefined) return { bits: 128, reason: obstacle };
  const setPacking = (isOn: boolean) => setFlag(packingFlag(machine.v8, isOn));
  setPacking(false);
  if (wish === 128) return { bits: 128, reason: askedFor };
  const probed = tried(() => probe(() => setPacking(true), patienceMs));
  if (probed === undefined) {
    setPacking(false);
    return {
      bits: 128,
      reason: 'the kernels could not be tried: too little memory, or they do not run here',
    };
  }
  const { otherBytes, isPacked, isTall } = probed;
  if (otherBytes !== undefined) {
    setPacking(false);
    throw new LabError(
      `engine: kernel ${otherBytes} gives other bytes in 256-bit vectors than in 128; train with --vectors 128 (vectors: 128 in a program)`,
      exitCodes.crash,
    );
  }
  if (isPacked) return { bits: 256, isTall };
  setPacking(false);
  return { bits: 128, reason: 'tried, and the kernels were no faster' };
}

/** Undefined where WebAssembly refuses: what keeps a run from starting is told by those who need it. */
function tried(probe: () => VectorProbe): VectorProbe | undefined {
  try {
    return probe();
  } catch (error) {
    if (error instanceof RangeError || error instanceof WebAssembly.CompileError) return undefined;
    throw error;
  }
}

/** What this process has; nothing before its first run. */
let decided: VectorWidth | undefined;

/**
 * The width that a run gets, decided once for the process.
 * @throws {LabError} 64 where 256 is asked for and not to be had, or where the process has begun with another width; 70
 * where a kernel gives other bytes with it
 */
export function vectorWidth(wish: VectorWish = 'auto'): VectorWidth {
  const isFirst = decided === undefined;
  decided ??= tryVectors(wish, thisProcess());
  return grantedWidth(wish, decided, isFirst);
}

/** As `vectorWidth`, for a process that begins while others keep the machine busy: it is looked at for longer. */
export function vectorWidthBesideOthers(wish: VectorWish = 'auto'): VectorWidth {
  decided ??= tryVectors(wish, thisProcess(), wish === 'auto' ? besideOthersMs : undefined);
  return vectorWidth(wish);
}

/** Holds a wish to what the process has. @throws {LabError} 64 where it is another */
export function grantedWidth(wish: VectorWish, width: VectorWidth, isFirst: boolean): VectorWidth {
  if (wish === 'auto' || wish === width.bits) return width;
  const { bits } = width;
  if (bits === 128 && (isFirst || width.reason !== askedFor)) {
    throw new LabError(
      `vectors = 256: not to be had: ${width.reason}; leave it out: the numbers are the same`,
    );
  }
  throw new LabError(
    `vectors = ${wish}: this process has begun with ${bits}, and its first run decides; start another process, or leave it out: the numbers are the same`,
  );
}

/** As a run's record has it. */
export function vectorFacts(width: VectorWidth): Readonly<Record<string, unknown>> {
  return { vectors: width.bits, ...(width.bits === 128 ? { vectorsReason: width.reason } : {}) };
}

/** The kernels compiled for a width, with the tiles that are fastest. */
export function kernelsOfWidth(width: VectorWidth): KernelModule {
  const isTall = width.bits === 256 && width.isTall;
  return loadKernelModule(undefined, [`${width.bits} bits`, ...(isTall ? [tallTilesMark] : [])]);
}
