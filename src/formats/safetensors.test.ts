import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { readSafetensors, type Tensor, tensorNumbers, writeSafetensors } from './safetensors.ts';

/** A file with this header text (any bytes) and so many bytes of data. */
function fileOf(header: string | Uint8Array, dataBytes = 0, declared?: number): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(declared ?? text.length), true);
  bytes.set(text, 8);
  return bytes;
}

function complaint(bytes: Uint8Array, limits = {}): string {
  try {
    readSafetensors(bytes, 'x.safetensors', limits);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    expect(error.exitCode).toBe(exitCodes.badData);
    expect(error.message).not.toMatch(/[\n\r\u001b\u202e]/);
    return error.message;
  }
  return 'accepted';
}

const f32 = (name: string, shape: string, begin: number, end: number) =>
  `"${name}":{"dtype":"F32","shape":${shape},"data_offsets":[${begin},${end}]}`;

const tensorArbitrary: fc.Arbitrary<Tensor> = fc
  .tuple(
    fc.array(fc.nat(4), { maxLength: 3 }),
    fc.constantFrom('F64', 'F32', 'I64', 'I32', 'U16', 'U8', 'I8'),
    fc.nat(),
  )
  .map(([shape, type, seed]) => {
    const size = shape.reduce((product, dim) => product * dim, 1);
    const value = (i: number) => ((seed % 1000) * (i + 1)) % 100;
    const numbers = Array.from({ length: size }, (_, i) => value(i));
    if (type === 'F64') return { shape, data: Float64Array.from(numbers) };
    if (type === 'F32') return { shape, data: Float32Array.from(numbers) };
    if (type === 'I64') return { shape, data: BigInt64Array.from(numbers, BigInt) };
    if (type === 'I32') return { shape, data: Int32Array.from(numbers) };
    if (type === 'U16') return { shape, data: Uint16Array.from(numbers) };
    if (type === 'U8') return { shape, data: Uint8Array.from(numbers) };
    return { shape, data: Int8Array.from(numbers) };
  });
const nameArbitrary = fc
  .string({ unit: 'grapheme' })
  .filter((name) => !['__proto__', '__metadata__'].includes(name));
const contentArbitrary = fc.uniqueArray(fc.tuple(nameArbitrary, tensorArbitrary), {
  selector: ([name]) => name,
  maxLength: 6,
});

describe('safetensors', () => {
  it('gives back what was written, in the order given, at any alignment', () => {
    fc.assert(
      fc.property(
        contentArbitrary,
        fc.dictionary(nameArbitrary, fc.string()),
        fc.nat(9),
        (tensors, metadata, shift) => {
          const bytes = writeSafetensors(tensors, Object.entries(metadata));
          expect(writeSafetensors(tensors, Object.entries(metadata))).toEqual(bytes);
          const shifted = new Uint8Array(bytes.length + shift).subarray(shift);
          shifted.set(bytes);
          const back = readSafetensors(shifted, 'f');
          expect([...back.tensors]).toEqual(tensors);
          expect([...back.metadata]).toEqual(Object.entries(metadata));
        },
      ),
    );
  });

  it('aligns everything for views', () => {
    const bytes = writeSafetensors([
      ['bytes', { shape: [3], data: Uint8Array.of(1, 2, 3) }],
      ['7', { shape: [1], data: Float64Array.of(Math.PI) }],
      ['floats', { shape: [2], data: Float32Array.of(1, 2) }],
    ]);
    const { tensors } = readSafetensors(bytes, 'f');
    expect([...tensors.keys()]).toEqual(['bytes', '7', 'floats']);
    for (const { data } of tensors.values()) expect(data.buffer).toBe(bytes.buffer);
    expect(bytes.length % 8).toBe(3);
  });

  it('reads files written by others', () => {
    const folder = new URL('../../test/golden/', import.meta.url);
    const files = readdirSync(folder).filter((name) => name.endsWith('.safetensors'));
    expect(files.length).toBeGreaterThanOrEqual(7);
    for (const name of files) {
      const { tensors, metadata } = readSafetensors(readFileSync(new URL(name, folder)), name);
      expect(tensors.size).toBeGreaterThan(10);
      expect(metadata.has('config')).toBe(true);
    }
  });

  it('turns 64-bit integers into numbers only when they fit', () => {
    const safe = { shape: [2], data: BigInt64Array.of(-5n, 2n ** 53n - 1n) };
    expect(tensorNumbers(safe, 'f', 'n')).toEqual(Float64Array.of(-5, 2 ** 53 - 1));
    const large = { shape: [1], data: BigInt64Array.of(2n ** 53n) };
    expect(() => tensorNumbers(large, 'f', 'n')).toThrow(
      'f: "n": 9007199254740992 does not fit a safe integer',
    );
  });

  it('refuses to write what it would not read', () => {
    const one = { shape: [1], data: Float32Array.of(1) };
    expect(() =>
      writeSafetensors([
        ['a', one],
        ['a', one],
      ]),
    ).toThrow('same name');
    expect(() => writeSafetensors([['__proto__', one]])).toThrow('not allowed');
    expect(() => writeSafetensors([['__metadata__', one]], [['k', 'v']])).toThrow('same name');
    expect(() => writeSafetensors([['a', { ...one, shape: [2] }]])).toThrow('does not hold');
  });
});

describe('a hostile safetensors file', () => {
  it.each([
    ['is empty', new Uint8Array(0), 'header length: the file ends after 0 of 8 bytes'],
    ['declares 2^63 bytes', fileOf('{}', 0, 2 ** 63), 'more than the 1048576 allowed'],
    ['declares more than it has', fileOf('{}', 0, 100), 'header: 100 bytes declared, only 2 in the file'],
    ['starts with a blank', fileOf(' {}'), 'does not start with "{"'],
    ['has no header', fileOf(''), 'does not start with "{"'],
    ['is not UTF-8', fileOf(Uint8Array.of(0x7b, 0xff, 0x7d)), 'not valid UTF-8'],
    ['is not JSON', fileOf('{"a" 1}'), 'not valid JSON at character 5: expected ":"'],
    ['goes on after the object', fileOf('{} {}'), 'expected end of text'],
    ['has a trailing comma', fileOf('{"a":{},}'), 'expected a name in quotes'],
    ['has an open string', fileOf('{"a'), 'expected a closed string'],
    ['has a raw line break in a name', fileOf('{"a\nb":{}}'), 'without control characters'],
    ['nests deeply', fileOf(`{"a":${'['.repeat(50000)}`), 'nested more than 3 levels'],
    [
      'repeats a name',
      fileOf(`{${f32('a', '[1]', 0, 4)},${f32('a', '[1]', 4, 8)}}`, 8),
      'the name "a" is given twice',
    ],
    ['repeats a name in other spelling', fileOf('{"a":{},"\\u0061":{}}'), 'the name "a" is given twice'],
    [
      'names a tensor __proto__',
      fileOf(`{${f32('__proto__', '[1]', 0, 4)}}`, 4),
      '"__proto__": this name is not allowed',
    ],
    ['has __proto__ metadata', fileOf('{"__metadata__":{"__proto__":"x"}}'), 'this name is not allowed'],
    [
      'has metadata that are no strings',
      fileOf('{"__metadata__":{"a":1}}'),
      '__metadata__."a": not a string',
    ],
    [
      'has metadata that are no object',
      fileOf('{"__metadata__":[]}'),
      '__metadata__: not an object of strings',
    ],
    ['has a tensor that is no object', fileOf('{"a":[1]}'), '"a": not an object'],
    ['has an unknown field', fileOf('{"a":{"type":"F32"}}'), '"a": unknown field "type"'],
    [
      'has an unknown type',
      fileOf('{"a":{"dtype":"BF16"}}'),
      '"a".dtype: got "BF16", expected one of F64, F32,',
    ],
    [
      'has a negative shape',
      fileOf(`{${f32('a', '[-1]', 0, 4)}}`, 4),
      '"a".shape: not a list of integers >= 0',
    ],
    ['has a fraction in a shape', fileOf(`{${f32('a', '[1.5]', 0, 4)}}`, 4), '"a".shape: not a list'],
    ['has 1e400 in a shape', fileOf(`{${f32('a', '[1e400]', 0, 4)}}`, 4), '"a".shape: not a list'],
    ['has 33 dimensions', fileOf(`{${f32('a', `[1${',1'.repeat(32)}]`, 0, 4)}}`, 4), '33 dimensions'],
    ['claims 10^9 elements', fileOf(`{${f32('a', '[1000000000]', 0, 4)}}`, 4), 'is not the 4 bytes'],
    [
      'overflows the product',
      fileOf(`{${f32('a', '[4294967296,4294967296,4294967296]', 0, 0)}}`),
      'is not the 0 bytes',
    ],
    [
      'has one offset',
      fileOf('{"a":{"dtype":"U8","shape":[0],"data_offsets":[0]}}'),
      '"a".data_offsets: not two integers',
    ],
    ['has offsets backwards', fileOf(`{${f32('a', '[1]', 4, 0)}}`, 4), 'outside the 4 bytes'],
    [
      'ends early',
      fileOf(`{${f32('a', '[2]', 0, 8)}}`, 7),
      '[0, 8] is outside the 7 bytes of data; cut short?',
    ],
    [
      'overlaps',
      fileOf(`{${f32('a', '[2]', 0, 8)},${f32('b', '[1]', 4, 8)}}`, 8),
      '"b".data_offsets: overlaps',
    ],
    [
      'has a hole',
      fileOf(`{${f32('a', '[1]', 0, 4)},${f32('b', '[1]', 8, 12)}}`, 12),
      'leaves a hole of 4 bytes',
    ],
    ['has trailing bytes', fileOf(`{${f32('a', '[1]', 0, 4)}}`, 5), 'data: 1 bytes after the last tensor'],
    ['hides a name', fileOf('{"a\\u001b[31m\\u202e\\n":1}'), '"a\\u{1b}[31m\\u{202e}\\u{a}": not an object'],
  ])('that %s is refused in one line', (_, bytes, expected) => {
    expect(complaint(bytes)).toContain(expected);
    expect(complaint(bytes)).toMatch(/^x\.safetensors: /);
  });

  it('is held to the header limit given', () => {
    const bytes = writeSafetensors([['a', { shape: [], data: Int32Array.of(7) }]]);
    expect(complaint(bytes, { maxHeaderBytes: 16 })).toContain('more than the 16 allowed');
    expect(complaint(bytes)).toBe('accepted');
  });

  it('never brings anything but a LabError, whatever is damaged', () => {
    const good = writeSafetensors(
      [
        ['w', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
        ['n', { shape: [3], data: Int8Array.of(1, 2, 3) }],
      ],
      [['config', '{"depth":2}']],
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(good.length),
        (flips, length) => {
          const damaged = good.slice(0, length);
          for (const [at, value] of flips) damaged[at] = value;
          complaint(damaged); // throws on its own when anything else than a LabError comes
        },
      ),
      { numRuns: 2000 },
    );
  });
});
