/** What a damaged safetensors file is told, word for word. */
import { expect, test } from 'vitest';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { readSafetensors } from './safetensors.ts';

/** A file with this header and so many bytes of data. */
function fileOf(header: string | Uint8Array, dataBytes = 0): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const tensor = (members: string, name = 'w') => `{"${name}":{${members}}}`;
const sound = '"dtype":"F32","data_offsets":[0,4]';

test.each<[bytes: Uint8Array, message: string]>([
  [
    fileOf('{}'.padEnd(101)),
    'f: header length: 101 bytes, more than the 100 allowed; not a safetensors file?',
  ],
  [fileOf(Uint8Array.of(0x7b, 0xff, 0x7d)), 'f: header: not valid UTF-8'],
  [fileOf('{"a" 1}'), 'f: header: not valid JSON at character 5: expected ":"'],
  [fileOf('{"__proto__":1}'), 'f: "__proto__": this name is not allowed'],
  [fileOf('{"__metadata__":1}'), 'f: __metadata__: not an object of strings'],
  [fileOf('{"__metadata__":{"a":1}}'), 'f: __metadata__."a": not a string'],
  [fileOf('{"__metadata__":{"__proto__":"1"}}'), 'f: __metadata__."__proto__": this name is not allowed'],
  [fileOf('{"w":1}'), 'f: "w": not an object'],
  [fileOf(tensor('"stride":1')), 'f: "w": unknown field "stride"'],
  [
    fileOf(tensor('"dtype":"F16"')),
    'f: "w".dtype: got "F16", expected one of F64, F32, I64, I32, U16, U8, I8',
  ],
  [
    fileOf(tensor('"dtype":16')),
    'f: "w".dtype: got nothing readable, expected one of F64, F32, I64, I32, U16, U8, I8',
  ],
  [fileOf(tensor(`${sound},"shape":[-1]`), 4), 'f: "w".shape: not a list of integers >= 0'],
  [
    fileOf(`{"w":{"shape":[${'1,'.repeat(32)}1],"dtype":"U8"}}`, 4),
    'f: "w".shape: 33 dimensions, more than the 32 allowed',
  ],
  [
    fileOf(tensor('"dtype":"F32","shape":[1],"data_offsets":[0]'), 4),
    'f: "w".data_offsets: not two integers >= 0',
  ],
  [
    fileOf(tensor('"dtype":"F32","shape":[2],"data_offsets":[0,8]'), 4),
    'f: "w".data_offsets: [0, 8] is outside the 4 bytes of data; cut short?',
  ],
  [
    fileOf(tensor(`${sound},"shape":[2,3]`), 4),
    'f: "w".shape: [2, 3] of F32 is not the 4 bytes of data_offsets',
  ],
  [
    fileOf(tensor('"dtype":"F32","shape":[1],"data_offsets":[4,8]'), 8),
    'f: "w".data_offsets: leaves a hole of 4 bytes before it',
  ],
  [fileOf(tensor(`${sound},"shape":[1]`), 6), 'f: data: 2 bytes after the last tensor'],
])('case %#', (bytes, message) => {
  const read = () => readSafetensors(bytes, 'f', { maxHeaderBytes: 100 });
  expect(read).toThrow(new LabError(message, exitCodes.badData));
  expect(read).toThrow(expect.objectContaining({ exitCode: exitCodes.badData }));
});

test('a header that is not an object is told by its first byte already', () => {
  expect(() => readSafetensors(fileOf('[1]'), 'f')).toThrow(
    new LabError('f: header: does not start with "{"', exitCodes.badData),
  );
});
