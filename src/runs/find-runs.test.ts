import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../errors/lab-error.ts';
import { findRuns, resolveRun, runName } from './find-runs.ts';
import { nodeStorage } from './storage/node-storage.ts';

const root = mkdtempSync(join(tmpdir(), 'iclab-find-'));
afterAll(() => rmSync(root, { recursive: true }));
const at = (path: string) => join(root, path);

function makeRun(path: string, id: string) {
  mkdirSync(at(path), { recursive: true });
  writeFileSync(at(`${path}/config.json`), '{}');
  writeFileSync(at(`${path}/owner.1.json`), '{}');
  writeFileSync(at(`${path}/run.json`), JSON.stringify({ id }));
}

beforeAll(() => {
  makeRun('runs/smoke-1', 'aaaa1111');
  makeRun('runs/sweep/one', 'aaaa2222');
  makeRun('runs/sweep/two', 'bbbb2222');
  makeRun('reproduction/fig1b-quick/run', 'cccc2222');
  makeRun('runs/.hidden', 'dddd1111');
  makeRun('runs/node_modules/x', 'eeee1111');
  makeRun('elsewhere/two', 'ffff1111');
  mkdirSync(at('runs/other-program'), { recursive: true });
  writeFileSync(at('runs/other-program/config.json'), '{}');
  mkdirSync(at('empty'));
});

const roots = [at('runs'), at('reproduction'), at('missing')];
const resolve = (word: string, where = roots) => resolveRun(nodeStorage, word, where);

describe('runs', () => {
  test('are found at any depth, in order, and nothing else is', async () => {
    expect(await findRuns(nodeStorage, roots)).toEqual([
      { folder: at('runs/smoke-1'), name: 'smoke-1', id: 'aaaa1111' },
      { folder: at('runs/sweep/one'), name: 'one', id: 'aaaa2222' },
      { folder: at('runs/sweep/two'), name: 'two', id: 'bbbb2222' },
      { folder: at('reproduction/fig1b-quick/run'), name: 'fig1b-quick', id: 'cccc2222' },
    ]);
  });

  test('are found once where one root lies in another, and a root may be a run', async () => {
    expect(await findRuns(nodeStorage, [at('runs/sweep'), at('runs/sweep/two')])).toHaveLength(2);
  });

  test('have the name of their folder, or of their reproduction', () => {
    expect(runName('runs/sigma-0.3')).toBe('sigma-0.3');
    expect(runName('runs/sigma-0.3/')).toBe('sigma-0.3');
    expect(runName('reproduction/fig1b-quick/run')).toBe('fig1b-quick');
  });
});

describe('a word', () => {
  test.each([
    ['smoke-1', 'runs/smoke-1'],
    ['two', 'runs/sweep/two'],
    ['fig1b-quick', 'reproduction/fig1b-quick/run'],
    ['bbbb2222', 'runs/sweep/two'],
    ['bbbb', 'runs/sweep/two'],
    ['aaaa1', 'runs/smoke-1'],
  ])('%s is a name or an id', async (word, folder) => {
    expect((await resolve(word)).folder).toBe(at(folder));
  });

  test.each([
    ['runs/sweep/one', 'runs/sweep/one'],
    ['runs/sweep/one/', 'runs/sweep/one'],
    ['elsewhere/two', 'elsewhere/two'],
    ['reproduction/fig1b-quick', 'reproduction/fig1b-quick/run'],
  ])('%s is a folder', async (word, folder) => {
    expect((await resolve(at(word))).folder).toBe(at(folder));
  });

  test.each([
    ['smoke1', '"smoke1": no run of that name or id; did you mean "smoke-1"? (iclab runs lists all 4)'],
    ['zzzzzzzzzzzz', '"zzzzzzzzzzzz": no run of that name or id (iclab runs lists all 4)'],
    ['bbb', '"bbb": no run of that name or id (iclab runs lists all 4)'],
    ['aaaa', `"aaaa": 2 runs are called so: ${at('runs/smoke-1')}, ${at('runs/sweep/one')}; give the folder`],
    [
      at('runs/sweep'),
      `"${at('runs/sweep')}": a folder of runs; give one of them, like ${at('runs/sweep/one')}`,
    ],
    [at('runs/other-program'), `"${at('runs/other-program')}": a folder without a run in it`],
  ])('%s is none', async (word, message) => {
    await expect(resolve(word)).rejects.toMatchObject({ message, exitCode: exitCodes.badInput });
  });

  test('says where it looked where there is no run at all', async () => {
    await expect(resolve('one', ['empty-1', 'empty-2'])).rejects.toThrow(
      '"one": no run of that name or id: there are none in empty-1 or empty-2; give its folder, or start one (iclab train smoke)',
    );
  });

  test('that names a run and its copy is told to give the folder', async () => {
    cpSync(at('runs/smoke-1'), at('runs/copies/smoke-1'), { recursive: true });
    await expect(resolve('aaaa1111')).rejects.toThrow('2 runs are called so');
    rmSync(at('runs/copies'), { recursive: true });
  });
});
