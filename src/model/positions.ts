/** Fixed tables of places: sinusoidal addends and rotary angles (docs/specification.md, "Model" 2). */
import { cos, pow, sin } from '../engine/elementary.ts';

/** sin / cos of `position / time^(2 floor(i / 2) / dModel)` on even / odd features i; `[tokens, dModel]`. */
export function sinusoidalPositions(tokens: number, dModel: number, time: number): Float64Array {
  const table = new Float64Array(tokens * dModel);
  for (let t = 0; t < tokens; t++) {
    for (let i = 0; i < dModel; i++) {
      const angle = t / pow(time, (2 * Math.floor(i / 2)) / dModel);
      table[t * dModel + i] = i % 2 === 0 ? sin(angle) : cos(angle);
    }
  }
  return table;
}

/** cos, sin of `position / time^(2k / headDim)` for pair k; `[tokens, headDim / 2, 2]` (rotary positions). */
export function rotaryTable(tokens: number, headDim: number, time: number): Float64Array {
  const half = headDim / 2;
  const table = new Float64Array(tokens * headDim);
  for (let t = 0; t < tokens; t++) {
    for (let pair = 0; pair < half; pair++) {
      const angle = t / pow(time, (2 * pair) / headDim);
      table[(t * half + pair) * 2] = cos(angle);
      table[(t * half + pair) * 2 + 1] = sin(angle);
    }
  }
  return table;
}
