import { describe, expect, test } from 'vitest';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { StorageError } from '../runs/storage/storage.ts';
import { errorLine, exitCodeOf } from './error-line.ts';

describe('an error as a line', () => {
  test('is its own message when it is meant for a user', () => {
    const error = new LabError('model.heads: must divide 64; got 7', exitCodes.badInput);
    expect(errorLine(error)).toBe('iclab: model.heads: must divide 64; got 7');
    expect(exitCodeOf(error)).toBe(64);
  });

  test('shows control characters and direction marks of hostile names as codes', () => {
    const name = 'runs/\u001b[2Jx\u202egnp.\u0000\u0007';
    expect(errorLine(new LabError(`${name}: missing`))).toBe(
      'iclab: runs/\\u{1b}[2Jx\\u{202e}gnp.\\u{0}\\u{7}: missing',
    );
  });

  test('leaves out the middle of a long one, so that its beginning and end are still there', () => {
    const line = errorLine(new LabError(`${'x'.repeat(2e6)}: cannot be read; give another`));
    expect(line).toMatch(/^iclab: x+ \.\.\. x+: cannot be read; give another$/);
    expect(line).toHaveLength(4005);
    expect(errorLine(new LabError('\u0007'.repeat(3000)))).toHaveLength(4005);
    expect(errorLine(new LabError('é'.repeat(3993)))).toBe(`iclab: ${'é'.repeat(3993)}`);
    expect(errorLine(new LabError('🙂'.repeat(4001))).isWellFormed()).toBe(true);
  });

  test('says where a bug is and what to do about it', () => {
    const line = errorLine(new TypeError('x is not\n a function'));
    expect(line).toMatch(
      /^iclab: unexpected error: TypeError: x is not a function \(src\/cli\/error-line\.test\.ts:\d+:\d+\); this is a bug: please report this line/,
    );
    expect(exitCodeOf(new TypeError('x'))).toBe(70);
    expect(errorLine('thrown text')).toContain('unexpected error: thrown text; this is a bug');
  });
});

test.each([
  ['read', 'runs/x/done.json: cannot be read: permission denied (EACCES)', 65],
  [
    'create',
    'runs/x/done.json: cannot write: permission denied (EACCES); everything saved before is intact',
    73,
  ],
])('a disk that refuses to %s is no bug', (operation, message, code) => {
  const error = new StorageError('EACCES', operation, 'runs/x/done.json');
  expect(errorLine(error)).toContain(`iclab: ${message}`);
  expect(exitCodeOf(error)).toBe(code);
});
