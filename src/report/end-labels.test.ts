import { expect, it } from 'vitest';
import { endLabels } from './end-labels.ts';
import { newDocument } from './svg.ts';

const label = (text: string, x: number, y: number) => ({ text, x, y, stroke: '#000000', fill: '#111111' });
const frame = { fontSize: 10, top: 0, bottom: 200, right: 300 };

/** Where each text stands, and the line that ties it. */
function placed(labels: readonly ReturnType<typeof label>[]) {
  const elements = endLabels(newDocument(), labels, frame);
  const ties = elements.filter((element) => element.localName === 'path');
  return elements
    .filter((element) => element.localName === 'text')
    .map((text, i) => ({
      text: text.textContent,
      x: Number(text.getAttribute('x')),
      y: Number(text.getAttribute('y')),
      dotted: ties[i].getAttribute('stroke-dasharray') !== null,
    }));
}

it('stand right of the axes, apart, in the order of their lines', () => {
  const [a, b, c] = placed([label('a', 300, 50), label('b', 300, 52), label('c', 300, 150)]);
  expect([a.x, b.x, c.x]).toEqual([312, 312, 312]);
  expect(b.y - a.y).toBeCloseTo(11.8);
  expect(c.y).toBeCloseTo(150 + 3.4);
});

it('stand where a run in progress is, and do not push those of longer runs', () => {
  const [short, long] = placed([label('short', 20, 100), label('long', 300, 100)]);
  expect([short.x, long.x]).toEqual([32, 312]);
  expect(short.y).toBe(long.y);
  expect([short.dotted, long.dotted]).toEqual([false, false]);
});

it('are tied by dots where the way is long, so that no tie looks like a curve', () => {
  const all = placed([label('one', 240, 100), label('two', 270, 100), label('three', 300, 100)]);
  expect(all.map(({ x }) => x)).toEqual([312, 312, 312]);
  expect(all.map(({ dotted }) => dotted)).toEqual([true, true, false]);
});
