import { describe, expect, test } from 'vitest';
import { exitCodes, LabError } from './lab-error.ts';

describe('LabError', () => {
  test('is an Error that says which kind it is', () => {
    const error = new LabError('model.heads: got 3, expected a divisor of 64');
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('LabError');
    expect(String(error)).toBe('LabError: model.heads: got 3, expected a divisor of 64');
  });

  test('is bad input unless told otherwise', () => {
    expect(new LabError('x').exitCode).toBe(64);
    expect(new LabError('x', exitCodes.badData).exitCode).toBe(65);
  });

  test('stays on one line whatever was put into it', () => {
    const cause = new Error('first\n  second');
    const error = new LabError(`run.yaml:3:1: ${cause.message}\r\n\n  third`, exitCodes.badData, { cause });
    expect(error.message).toBe('run.yaml:3:1: first second third');
    expect(error.cause).toBe(cause);
  });
});

test('exit codes are distinct, and only success is 0', () => {
  const codes = Object.values(exitCodes);
  expect(new Set(codes).size).toBe(codes.length);
  expect(Object.entries(exitCodes).filter(([, code]) => code === 0)).toEqual([['done', 0]]);
});
