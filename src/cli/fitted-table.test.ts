import { expect, test } from 'vitest';
import { fittedTable } from './fitted-table.ts';

const header = ['run', 'state', 'where'];
const rows = [
  ['a', 'finished', 'runs/a'],
  ['b', '', 'runs/b'],
];

test('is a table where it fits, and where nobody says how wide it may be', () => {
  const table = 'run  state     where\na    finished  runs/a\nb              runs/b\n';
  expect(fittedTable(header, rows)).toBe(table);
  expect(fittedTable(header, rows, 21)).toBe(table);
});

test('is a block per row where it does not fit, without empty cells', () => {
  expect(fittedTable(header, rows, 20, ' ')).toBe(
    ' a\n   state  finished\n   where  runs/a\n b\n   where  runs/b\n',
  );
});
