import { expect, it } from 'vitest';
import { cutLine, simplifyLine } from './simplify-line.ts';

const line = (...ys: number[]) => ys.map((y, x) => ({ x, y }));

it('leaves out what lies on the line, and keeps corners', () => {
  expect(simplifyLine(line(0, 1, 2, 3, 2, 1, 0), 0.1)).toEqual([
    { x: 0, y: 0 },
    { x: 3, y: 3 },
    { x: 6, y: 0 },
  ]);
});

it('keeps every point within its tolerance', () => {
  const curve = Array.from({ length: 2000 }, (_, i) => ({ x: i / 10, y: 50 * Math.sin(i / 100) }));
  const few = simplifyLine(curve, 0.3);
  expect(few.length).toBeLessThan(100);
  expect([few[0], few.at(-1)]).toEqual([curve[0], curve.at(-1)]);
  for (const { x, y } of curve) {
    const next = Math.max(
      1,
      few.findIndex((point) => point.x >= x),
    );
    const [a, b] = [few[next - 1], few[next]];
    const between = a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x);
    // Across the line, which is steepest at 5 px a px.
    expect(Math.abs(between - y)).toBeLessThan(0.3 * Math.sqrt(26) + 1e-9);
  }
});

it('takes lines that end where they began, and the shortest', () => {
  expect(
    simplifyLine(
      [
        { x: 0, y: 0 },
        { x: 0, y: 5 },
        { x: 0, y: 0 },
      ],
      1,
    ),
  ).toHaveLength(3);
  expect(simplifyLine([], 1)).toEqual([]);
  expect(simplifyLine(line(4), 1)).toEqual(line(4));
  expect(simplifyLine(line(4, 5), 1)).toEqual(line(4, 5));
});

it('cuts a line where it passes a height', () => {
  expect(cutLine(line(3, 1, 0, 4, 4, 2), 2)).toEqual([
    { x: 0.5, y: 2 },
    { x: 1, y: 1 },
    { x: 2, y: 0 },
    { x: 2.5, y: 2 },
    { x: 5, y: 2 },
    { x: 5, y: 2 },
  ]);
  expect(cutLine(line(1, 2), 2)).toEqual(line(1, 2));
  expect(cutLine(line(3, 3), 2)).toEqual([]);
});
