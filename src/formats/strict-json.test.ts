import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStrictJson, type StrictJson, StrictJsonError } from './strict-json.ts';

function plain(value: StrictJson): unknown {
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([name, member]) => [name, plain(member)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

describe('strict JSON', () => {
  it('agrees with JSON.parse on what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(plain(parseStrictJson(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses what JSON.parse refuses', () => {
    const text = fc.string({ unit: fc.constantFrom(...'{}[]",:\\ \n0123.eE+-truefalsn') });
    fc.assert(
      fc.property(text, (candidate) => {
        let valid = true;
        try {
          JSON.parse(candidate);
        } catch {
          valid = false;
        }
        if (!valid) expect(() => parseStrictJson(candidate)).toThrow(StrictJsonError);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps every name, numbers in order and __proto__ as plain names', () => {
    const value = parseStrictJson('{"2":1,"1":2,"__proto__":3}');
    expect(value).toEqual(
      new Map([
        ['2', 1],
        ['1', 2],
        ['__proto__', 3],
      ]),
    );
  });
});
