import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ClassSet } from './class-set.ts';

test('behaves like a Set through any order of additions and clearings', () => {
  const operation = fc.oneof(fc.nat(9), fc.constant('clear' as const));
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
      const set = new ClassSet(10);
      const expected = new Set<number>();
      for (const step of operations) {
        if (step === 'clear') {
          set.clear();
          expected.clear();
        } else {
          set.add(step);
          expected.add(step);
        }
        for (let row = 0; row < 10; row++) expect(set.has(row)).toBe(expected.has(row));
      }
    }),
  );
});
