/** docs/errors.md is what the sources say, and every message in it is in a test. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { shown } from '../../scripts/errors/message.ts';
import { unquoted } from '../../scripts/errors/quotes.ts';
import { root, scanRepository, testLiterals } from '../../scripts/errors/repository.ts';
import { errorsPage } from '../../scripts/errors/table.ts';

const { messages, problems } = scanRepository();

test('every message is resolved to words', () => {
  expect(problems).toEqual([]);
  expect(messages.length).toBeGreaterThan(200);
});

test('docs/errors.md is up to date (npm run write:errors)', () => {
  const page = readFileSync(`${root}/docs/errors.md`, 'utf8');
  expect(page.split('\n')).toEqual(errorsPage(messages).split('\n'));
});

test('every message is quoted by a test', () => {
  const missing = unquoted(messages, testLiterals());
  expect(missing.map(({ files, message }) => `${files[0]}: ${shown(message)}`)).toEqual([]);
});

test('every error says where, or of what, before what is wrong', () => {
  const bare = messages
    .filter(
      ({ kind, exitCode, files }) =>
        kind === 'error' && exitCode !== undefined && files[0].startsWith('src/'),
    )
    .map(({ message }) => shown(message))
    .filter((text) => !/^[^;]*?[^;:\s]: /.test(text));
  expect(bare).toEqual([]);
});
