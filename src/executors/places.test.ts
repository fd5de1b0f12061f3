import { expect, test } from 'vitest';
import { placesFor } from './places.ts';

const room = (cores: number, freeBytes = 1e12) => ({ cores, freeBytes });
const runs = (count: number, bytes = 300e6) => Array.from({ length: count }, () => bytes);

test.each([
  [5, 2, [1, 1]],
  [2, 2, [1, 1]],
  [2, 8, [4, 4]],
  [3, 8, [3, 3, 2]],
  [1, 8, [8]],
  [9, 1, [1]],
])('%i runs on %i cores: %j', (count, cores, places) => {
  expect(placesFor(runs(count), {}, room(cores))).toEqual({ places, isShortOfMemory: false });
});

test('as many at once as somebody says, and on as many threads', () => {
  expect(placesFor(runs(8), { jobs: 3 }, room(2)).places).toEqual([1, 1, 1]);
  expect(placesFor(runs(8), { jobs: 20 }, room(2)).places).toHaveLength(8);
  expect(placesFor(runs(8), { jobs: 1 }, room(4)).places).toEqual([4]);
  expect(placesFor(runs(8), { threads: 2 }, room(4)).places).toEqual([2, 2]);
  expect(placesFor(runs(8), { threads: 16 }, room(4)).places).toEqual([16]);
});

test('no more than memory is there for, the largest together; but one may always try', () => {
  expect(placesFor(runs(8), {}, room(8, 1e9))).toEqual({ places: [3, 3, 2], isShortOfMemory: true });
  expect(placesFor([100e6, 900e6, 300e6], {}, room(3, 1e9)).places).toEqual([3]);
  expect(placesFor(runs(2), {}, room(2, 1e6))).toEqual({ places: [2], isShortOfMemory: true });
});

test('more asked for than memory is there for', () => {
  expect(() => placesFor(runs(8), { jobs: 4 }, room(2, 1e9))).toThrow(
    '--jobs 4: 4 runs at once need about 1,200 MB of memory, 1,000 are free; --jobs 3 fits, or leave it out',
  );
});
