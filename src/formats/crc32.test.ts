import { crc32 as nodeCrc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { crc32 } from './crc32.ts';

test('is the checksum of the standard, of a part too', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * i * 31) % 256);
  expect(crc32(bytes, 10, 900)).toBe(nodeCrc32(bytes.subarray(10, 900)));
  expect(crc32(new Uint8Array(0))).toBe(0);
});
