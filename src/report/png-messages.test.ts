/** What is said where the renderer for this platform was not installed. */
import { expect, test, vi } from 'vitest';
import { exitCodes, LabError } from '../errors/lab-error.ts';
import { renderPng } from './png.ts';

vi.mock('@resvg/resvg-js', () => {
  throw new Error('Cannot find native binding');
});

test('a renderer that is not there', async () => {
  await expect(renderPng('<svg xmlns="http://www.w3.org/2000/svg"/>')).rejects.toThrow(
    new LabError(
      'PNG renderer, @resvg/resvg-js: expected its package for this platform, got none; ' +
        'run `npm ci` again on this machine',
      exitCodes.crash,
    ),
  );
});
