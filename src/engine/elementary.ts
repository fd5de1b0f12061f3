/**
 * exp, log, log1p, pow, sin and cos in float64, the same bits on every JavaScript engine: built of + - * / and bit
 * moves only, which IEEE 754 fixes exactly. `Math.exp` and its kin are not (each engine has its own), so whatever
 * reaches weights or data goes through here. Not fast paths: kernels have their own float32 polynomials.
 * Argument reductions and minimax coefficients are those of FreeBSD's msun (Sun Microsystems 1993, freely licensed).
 */

const float64 = new Float64Array(1);
const words = new Int32Array(float64.buffer);
/** 2^(1023 - i): takes the exponent off a number by a multiplication (writing words and reading them back stalls). */
const negativePowersOfTwo = halvings(2 ** 1023, 2048);

const ln2High = 6.9314718036912381649e-1;
const ln2Low = 1.90821492927058770002e-10;

function halvings(first: number, count: number): Float64Array {
  const values = new Float64Array(count).fill(first);
  for (let i = 1; i < count; i++) values[i] = values[i - 1] / 2;
  return values;
}

/** x * 2^exponent for results in the normal range; two factors, so that neither of them overflows. */
function scaleByPowerOfTwo(x: number, exponent: number): number {
  const half = exponent >> 1;
  words[0] = 0;
  words[1] = (half + 1023) << 20;
  const first = float64[0];
  words[1] = (exponent - half + 1023) << 20;
  return x * first * float64[0];
}

/** Nearest integer, ties to even, for |x| < 2^51. */
function roundToEven(x: number): number {
  return x + 6755399441055744 - 6755399441055744;
}

/** Natural exponential; relative error below 1e-15. Overflows to Infinity, underflows to 0. */
export function exp(x: number): number {
  if (x !== x) return NaN;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019411) return 0;
  const k = roundToEven(x * 1.442695040888963387);
  const high = x - k * ln2High;
  const low = k * ln2Low;
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 +
            t *
              (6.61375632143793436117e-5 + t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))));
  return scaleByPowerOfTwo(1 - (low - (r * c) / (2 - c) - high), k);
}

/** Natural logarithm; relative error below 1e-15. `log(0)` is -Infinity, below 0 NaN. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  let k = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984; // 2^54 lifts a subnormal number into the normal range
    k = -54;
  }
  float64[0] = x;
  // Bring the mantissa into [sqrt(1/2), sqrt 2).
  const exponent = ((words[1] + (0x3ff00000 - 0x3fe6a09e)) | 0) >>> 20;
  k += exponent - 0x3ff;
  const f = x * negativePowersOfTwo[exponent] - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const odd =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const halfSquare = 0.5 * f * f;
  return s * (halfSquare + odd + even) + k * ln2Low - halfSquare + f + k * ln2High;
}

/** log(1 + x) without losing the digits of a small x (Kahan's quotient); relative error below 2e-15. */
export function log1p(x: number): number {
  const y = 1 + x;
  if (y === 1) return x;
  if (y === Infinity) return y;
  return (log(y) * x) / (y - 1);
}

/** base^exponent for base > 0; relative error below (1 + |exponent * log(base)|) * 5e-16. */
export function pow(base: number, exponent: number): number {
  return exponent === 0 ? 1 : exp(exponent * log(base));
}

function sineNearZero(x: number, tail: number): number {
  const z = x * x;
  const v = z * x;
  const r =
    8.33333333332248946124e-3 +
    z *
      (-1.98412698298579493134e-4 +
        z * (2.75573137070700676789e-6 + z * (-2.50507602534068634195e-8 + z * 1.58969099521155010221e-10)));
  return x - (z * (0.5 * tail - v * r) - tail - v * -1.66666666666666324348e-1);
}

function cosineNearZero(x: number, tail: number): number {
  const z = x * x;
  const w = z * z;
  const r =
    z * (4.16666666666666019037e-2 + z * (-1.38888888888741095749e-3 + z * 2.48015872894767294178e-5)) +
    w * w * (-2.75573143513906633035e-7 + z * (2.0875723212981748279e-9 + z * -1.13596475577881948265e-11));
  const halfSquare = 0.5 * z;
  const rest = 1 - halfSquare;
  return rest + (1 - rest - halfSquare + (z * r - x * tail));
}

/** Sine (quarterTurns = 0) or cosine (1): x minus the nearest multiple of pi/2, kept as a sum of two doubles. */
function circular(x: number, quarterTurns: number): number {
  if (!(x >= -1e6 && x <= 1e6)) throw new RangeError(`sin and cos are defined here for |x| <= 1e6; got ${x}`);
  const turns = roundToEven(x * 6.36619772367581382433e-1);
  // pi/2 in parts of 33 bits each, so that turns * part is exact.
  const coarse = x - turns * 1.57079632673412561417;
  const step = turns * 6.0771005063039659766e-11;
  const r = coarse - step;
  const correction = turns * 2.02226624879595063154e-21 - (coarse - r - step);
  const main = r - correction;
  const tail = r - main - correction;
  switch ((turns + quarterTurns) & 3) {
    case 0:
      return sineNearZero(main, tail);
    case 1:
      return cosineNearZero(main, tail);
    case 2:
      return -sineNearZero(main, tail);
    default:
      return -cosineNearZero(main, tail);
  }
}

/** Sine of x in radians; absolute error below 3e-16. @throws RangeError unless |x| <= 1e6 */
export function sin(x: number): number {
  return circular(x, 0);
}

/** Cosine of x in radians; absolute error below 3e-16. @throws RangeError unless |x| <= 1e6 */
export function cos(x: number): number {
  return circular(x, 1);
}
