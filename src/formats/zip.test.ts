import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { readZip } from './zip.ts';

const limits = { entries: 10, fileBytes: 1000, totalBytes: 1500 };
const text = (words: string) => new TextEncoder().encode(words);
const read = (bytes: Uint8Array, isWanted = (name: string) => !name.endsWith('/')) =>
  readZip(bytes, 'a.zip', isWanted, limits);

test('gives what is wanted, packed or stored, in order', () => {
  const bytes = zipSync({
    'b/': new Uint8Array(0),
    'b/x': text('hello'.repeat(99)),
    a: [text('stored'), { level: 0 }],
  });
  expect([...read(bytes)]).toEqual([
    ['b/x', text('hello'.repeat(99))],
    ['a', text('stored')],
  ]);
  expect([...read(bytes, (name) => name === 'a').keys()]).toEqual(['a']);
});

/** The same archive with four bytes changed wherever they stand behind a central header's mark. */
function patched(bytes: Uint8Array, field: number, value: number): Uint8Array {
  const changed = bytes.slice();
  const view = new DataView(changed.buffer);
  for (let at = 0; at + 46 <= changed.length; at++)
    if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + field, value, true);
  return changed;
}

const one = zipSync({ x: text('hello'.repeat(50)) });
const stored = zipSync({ x: [text('hello'), { level: 0 }] });

test.each<[what: string, bytes: Uint8Array, message: string]>([
  [
    'is none',
    text('no zip archive at all, but long enough'),
    'no sound zip archive (invalid zip data); cut short?',
  ],
  ['is empty', new Uint8Array(0), 'no sound zip archive (invalid zip data); cut short?'],
  ['is cut short', one.subarray(0, one.length - 30), 'no sound zip archive (invalid zip data); cut short?'],
  [
    'has too many entries',
    zipSync(Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`${i}/`, text('')]))),
    'a.zip: more than the 10 entries it may have',
  ],
  [
    'is a bomb',
    zipSync({ x: new Uint8Array(1001) }),
    '"x": 1001 bytes unpacked, more than the 1000 it may have',
  ],
  [
    'is a bomb in parts',
    zipSync({ x: new Uint8Array(900), y: new Uint8Array(900) }),
    'a.zip: more than 1500 bytes unpacked, all that it may have',
  ],
  ['says less than it unpacks to', patched(one, 24, 1000), '"x": 250 of 1000 bytes; cut short? get it anew'],
  [
    'says more than it stores',
    patched(patched(stored, 20, 900), 24, 900),
    'of 900 bytes; cut short? get it anew',
  ],
  [
    'is packed in another way',
    patched(one, 10, 12),
    '"x": packed by method 12; expected 0 (stored) or 8 (deflate)',
  ],
])('an archive that %s is refused in one line', (_, bytes, message) => {
  expect(() => read(bytes)).toThrow(LabError);
  expect(() => read(bytes)).toThrow(expect.objectContaining({ exitCode: exitCodes.badData }));
  expect(() => read(bytes)).toThrow(message);
});

test('what unpacks to more than it says is cut there, and never larger', () => {
  expect(read(patched(one, 24, 100)).get('x')).toEqual(text('hello'.repeat(20)));
});

test('two files of one name are refused', () => {
  const two = zipSync({ xa: text('1'), xb: text('2') });
  const same = two.map((byte, i) => (byte === 0x62 && two[i - 1] === 0x78 ? 0x61 : byte));
  expect(() => read(same)).toThrow('a.zip: "xa": two files of this name');
});
