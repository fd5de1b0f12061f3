import { describe, expect, test } from 'vitest';
import { nodeProcessTable } from './process-identity.ts';

describe('the process table of this machine', () => {
  const table = nodeProcessTable();

  test('knows this process, and that one of its number but another start is gone', () => {
    expect(table.isAlive(table.self)).toBe(true);
    if (table.self.startTime !== '') expect(table.isAlive({ ...table.self, startTime: '1' })).toBe(false);
    expect(table.isAlive({ ...table.self, bootId: 'another' })).toBe(false);
  });

  test('knows no process with an impossible number, and nothing about other machines', () => {
    expect(table.isAlive({ ...table.self, pid: 2 ** 22 + 1 })).toBe(false);
    expect(table.isAlive({ ...table.self, host: 'elsewhere.invalid' })).toBeUndefined();
  });

  test('cannot know of a process whose start is hidden from it, or whose number another container gave', () => {
    const blind = nodeProcessTable(() => '');
    expect(blind.isAlive({ ...table.self, startTime: '1' })).toBeUndefined();
    expect(blind.isAlive({ ...table.self, startTime: '' })).toBe(true);
    const elsewhere = { ...table.self, pidNamespace: 'pid:[1]', startTime: '1' };
    expect(table.isAlive(elsewhere)).toBeUndefined();
  });
});
