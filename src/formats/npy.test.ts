import { describe, expect, test } from 'vitest';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { readNpy } from './npy.ts';
import { type ElementType, elementTypes, floatsOf, halfFloat } from './numbers.ts';
import { elementBytesOf, makeNpy } from './testing-npy.ts';

const numbers = [1, 2, 3, 100, 0, 127];

describe('numbers', () => {
  test.each(elementTypes.filter((type) => type !== 'f2' && type !== 'b2'))(
    'of type %s, in both orders',
    (type) => {
      for (const isLittle of [true, false])
        expect([...floatsOf(elementBytesOf(numbers, type, isLittle), type, isLittle)]).toEqual(numbers);
    },
  );

  test.each<[ElementType, number]>([
    ['i1', -1],
    ['i2', -1],
    ['i4', -1],
    ['i8', -1],
    ['u1', 255],
    ['u2', 65535],
    ['u4', 4294967296],
    ['u8', 18446744073709552000],
  ])('of type %s have their sign', (type, expected) => {
    expect(floatsOf(new Uint8Array(8).fill(255), type)[0]).toBe(Math.fround(expected));
  });

  test('half floats', () => {
    const cases: [number, number][] = [
      [0x3c00, 1],
      [0xc000, -2],
      [0x0001, 2 ** -24],
      [0x7bff, 65504],
      [0x3555, 0.333251953125],
      [0x7c00, Number.POSITIVE_INFINITY],
      [0xfc00, Number.NEGATIVE_INFINITY],
    ];
    for (const [bits, value] of cases) expect(halfFloat(bits)).toBe(value);
    expect(halfFloat(0x7e00)).toBeNaN();
    const bits = cases.map(([half]) => half);
    expect([...floatsOf(elementBytesOf(bits, 'f2'), 'f2')]).toEqual(cases.map(([, value]) => value));
    expect([...floatsOf(elementBytesOf([0x3f80, 0xc040], 'b2'), 'b2')]).toEqual([1, -3]);
  });
});

test.each([1, 2, 3])('an array of format version %i', (version) => {
  const bytes = makeNpy(elementBytesOf(numbers, 'f8', false), { descr: '>f8', version });
  expect(readNpy(bytes, 'a.npy')).toEqual({ shape: [2, 1, 3], values: Float32Array.from(numbers) });
});

test('an empty one, and one of one dimension', () => {
  expect(readNpy(makeNpy(new Uint8Array(0), { shape: '(0, 5)' }), 'a.npy').shape).toEqual([0, 5]);
  expect(readNpy(makeNpy(Uint8Array.of(7), { shape: '(1,)', descr: '|u1' }), 'a.npy').shape).toEqual([1]);
});

const data = elementBytesOf(numbers, 'f4');
test.each<[string, Uint8Array, string]>([
  [
    'is none',
    new TextEncoder().encode('hello, hello, hello'),
    'a.npy: not a .npy file; numpy.save makes them',
  ],
  [
    'is of version 9',
    makeNpy(data, { version: 9 }),
    'a.npy: header: damaged, or of a version that is not known',
  ],
  [
    'holds objects',
    makeNpy(data, { descr: '|O' }),
    'a.npy: dtype: got "|O"; expected numbers like float32: save array.astype("float32")',
  ],
  ['holds complex numbers', makeNpy(data, { descr: '<c8' }), 'a.npy: dtype: got "<c8"; expected numbers'],
  [
    'is in Fortran order',
    makeNpy(data, { fortran: 'True' }),
    'a.npy: in Fortran order; save numpy.ascontiguousarray(array)',
  ],
  ['has no shape', makeNpy(data, { shape: '[2, 3]' }), 'a.npy: shape: damaged'],
  [
    'has a shape beyond all numbers',
    makeNpy(data, { shape: '(99999999999999999999, 3)' }),
    'a.npy: shape: damaged',
  ],
  [
    'is cut short',
    makeNpy(data.subarray(0, 20)),
    'a.npy: [2, 1, 3] of <f4 is not the 20 bytes in it; cut short?',
  ],
  [
    'says it is huge',
    makeNpy(data, { shape: '(4294967296, 4294967296, 4)' }),
    'a.npy: [4294967296, 4294967296, 4] of <f4 is not the 24 bytes in it; cut short?',
  ],
])('a file that %s is refused in one line', (_, bytes, message) => {
  expect(() => readNpy(bytes, 'a.npy')).toThrow(LabError);
  expect(() => readNpy(bytes, 'a.npy')).toThrow(expect.objectContaining({ exitCode: exitCodes.badData }));
  expect(() => readNpy(bytes, 'a.npy')).toThrow(message);
});
