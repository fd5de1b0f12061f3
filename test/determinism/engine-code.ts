/** Which of V8's compilers made the code of a function: asked of V8 itself, with what its own tests use. */

/** How many functions run code of which kind. */
export interface EngineCode {
  readonly kernels: Readonly<Record<KernelTier, number>>;
  readonly script: Readonly<Record<ScriptTier, number>>;
}

/** WebAssembly: not called yet; Liftoff; TurboFan. */
export type KernelTier = 'none' | 'baseline' | 'optimised';
/** JavaScript: Ignition and Sparkplug keep to each operation as written; Maglev and TurboFan optimise. */
export type ScriptTier = 'interpreter' | 'baseline' | 'optimised';

export type EngineProbe = (kernels: readonly unknown[], script: readonly unknown[]) => EngineCode;

/** The source of an `EngineProbe`; only V8 under --allow-natives-syntax can read it. */
export const engineProbeSource = `(kernels, script) => {
  const count = (functions, tiers, tierOf) => {
    const counts = Object.fromEntries(tiers.map((tier) => [tier, 0]));
    for (const one of functions) if (typeof one === 'function') counts[tierOf(one)]++;
    return counts;
  };
  return {
    kernels: count(kernels, ['none', 'baseline', 'optimised'], (one) =>
      %IsUncompiledWasmFunction(one) ? 'none' : %IsLiftoffFunction(one) ? 'baseline' : 'optimised'),
    script: count(script, ['interpreter', 'baseline', 'optimised'], (one) =>
      %ActiveTierIsIgnition(one) ? 'interpreter' : %ActiveTierIsSparkplug(one) ? 'baseline' : 'optimised'),
  };
}`;
