/** Threefry-2x32 against the published known answers of Random123 (kat_vectors, 20 rounds). */
import { describe, expect, test } from 'vitest';
import { threefry2x32 } from '../../src/engine/threefry.ts';

interface KnownAnswer {
  counter: [number, number];
  key: [number, number];
  words: [number, number];
}

const knownAnswers: KnownAnswer[] = [
  { counter: [0, 0], key: [0, 0], words: [0x6b200159, 0x99ba4efe] },
  {
    counter: [0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    words: [0x1cb996fc, 0xbb002be7],
  },
  {
    counter: [0x243f6a88, 0x85a308d3],
    key: [0x13198a2e, 0x03707344],
    words: [0xc4923a9c, 0x483df7a0],
  },
];

export function threefrySuite(): void {
  describe('threefry2x32', () => {
    test.each(knownAnswers)('counter $counter under key $key', ({ counter, key, words }) => {
      const out = new Uint32Array(2);
      threefry2x32(key[0], key[1], counter[0], counter[1], out);
      expect([...out]).toEqual(words);
    });

    test('writes where it is told and nowhere else', () => {
      const out = new Uint32Array(5).fill(7);
      threefry2x32(0, 0, 0, 0, out, 2);
      expect([...out]).toEqual([7, 7, 0x6b200159, 0x99ba4efe, 7]);
    });
  });
}
