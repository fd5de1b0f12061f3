import fc from 'fast-check';
import { expect, test } from 'vitest';
import { endOf, isDue, isSnapshotDue, occurrences, snapshotCount } from './schedule.ts';

test('happens at the first multiple of the batch size at or after the scheduled number', () => {
  const due = (every: number, batchSize: number, upTo: number) => {
    const found: number[] = [];
    for (let sequences = 0; sequences <= upTo; sequences += batchSize) {
      if (isDue(sequences, every, batchSize, found.at(-1) ?? -1)) found.push(sequences);
    }
    return found;
  };
  expect(due(100, 32, 320)).toEqual([0, 128, 224, 320]);
  expect(due(64, 32, 200)).toEqual([0, 64, 128, 192]);
  expect(due(10, 32, 100)).toEqual([0, 32, 64, 96]);
});

test('does not happen twice at one place', () => {
  expect([isDue(64, 64, 32, 32), isDue(64, 64, 32, 64), isDue(64, 64, 32, 96)]).toEqual([true, false, false]);
});

test('a run ends after whole batches', () => {
  expect([endOf(0, 32), endOf(1, 32), endOf(64, 32), endOf(65, 32)]).toEqual([0, 32, 64, 96]);
});

test('occurrences are as many as a run has, its end included', () => {
  const length = fc.integer({ min: 0, max: 3000 });
  const every = fc.integer({ min: 1, max: 500 });
  const batch = fc.integer({ min: 1, max: 70 });
  fc.assert(
    fc.property(length, every, batch, (trainSequences, everySequences, batchSize) => {
      const end = endOf(trainSequences, batchSize);
      let count = 0;
      for (let sequences = 0; sequences <= end; sequences += batchSize) {
        if (isDue(sequences, everySequences, batchSize, -1) || sequences === end) count++;
      }
      expect(occurrences(trainSequences, everySequences, batchSize)).toBe(count);
    }),
  );
});

test('snapshots come at both schedules, at the early one as far as it goes', () => {
  const schedule = {
    snapshotEverySequences: 300,
    earlySnapshotEverySequences: 100,
    earlySnapshotUntilSequences: 250,
  };
  const found: number[] = [];
  for (let sequences = 0; sequences <= 700; sequences += 32) {
    if (isSnapshotDue(sequences, schedule, 32, found.at(-1) ?? -1)) found.push(sequences);
  }
  expect(found).toEqual([0, 128, 224, 320, 608]);
  const none = { ...schedule, snapshotEverySequences: null, earlySnapshotEverySequences: null };
  expect(isSnapshotDue(0, none, 32, -1)).toBe(false);
});

test('snapshots are as many as a run has', () => {
  const every = fc.option(fc.integer({ min: 1, max: 500 }));
  const batch = fc.integer({ min: 1, max: 70 });
  const until = fc.integer({ min: 0, max: 2000 });
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2000 }),
      every,
      every,
      until,
      batch,
      (train, all, early, end, size) => {
        const schedule = {
          snapshotEverySequences: all,
          earlySnapshotEverySequences: early,
          earlySnapshotUntilSequences: end,
        };
        let count = 0;
        for (let sequences = 0; sequences <= endOf(train, size); sequences += size) {
          if (isSnapshotDue(sequences, schedule, size, -1)) count++;
        }
        expect(snapshotCount(train, schedule, size)).toBe(count);
      },
    ),
    { examples: [[1, null, 3, 9, 10]] },
  );
});
