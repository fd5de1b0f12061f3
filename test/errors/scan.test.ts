/** The scan for messages on sources made up for it: what it follows, and what it says it cannot. */
import { describe, expect, test } from 'vitest';
import { shown } from '../../scripts/errors/message.ts';
import { literalsOf, unquoted } from '../../scripts/errors/quotes.ts';
import { type FoundMessage, scanMessages } from '../../scripts/errors/scan.ts';
import { Sources } from '../../scripts/errors/syntax.ts';

const exitCodes = { badInput: 64, badData: 65 };

/** The messages of some files, the lists of scripts/errors/passed-on.ts left aside. */
function scan(files: Record<string, string>) {
  const sources = Object.entries(files).map(([path, text]) => ({ path, text }));
  const { messages, problems } = scanMessages(sources, exitCodes);
  return {
    rows: messages.map(
      ({ exitCode, message, files: saying }) => `${exitCode} ${shown(message)} | ${saying.join(' ')}`,
    ),
    problems: problems.filter((problem) => !problem.endsWith('without need')),
    messages,
  };
}

const rows = (text: string) => scan({ 'src/a.ts': text }).rows;

describe('a message', () => {
  test('is its words with the values as gaps', () => {
    expect(rows('throw new LabError(`${file.name}: got ${a.b.someLength}, expected ${1 + x}`)')).toEqual([
      '64 <file name>: got <some length>, expected <number> | src/a.ts',
    ]);
  });

  test('may be joined, and kept in a constant', () => {
    expect(rows("const m = 'one thing ' + `of ${n}`;\nnew LabError(m + ' more', exitCodes.badData)")).toEqual(
      ['65 one thing of <n> more | src/a.ts'],
    );
  });

  test('comes in alternatives, or with a part that may be missing', () => {
    expect(
      rows("new LabError(`${x}: ${y ? 'is too large' : 'is too small'}${z ? `; try ${z}` : ''}`)"),
    ).toEqual(['64 <x>: is too large[; try <z>] | src/a.ts', '64 <x>: is too small[; try <z>] | src/a.ts']);
  });
});

describe('a maker of errors', () => {
  const maker =
    'export function damaged(file: string, field: string, problem: string) {\n' +
    "  const parts = [file, field, problem];\n  return new LabError(parts.filter((p) => p).join(': '), exitCodes.badData);\n}";

  test('gives a message for each of its callers, in other files too', () => {
    const reader =
      "import { damaged } from './maker.ts';\nthrow damaged(f, '', 'cut short');\nthrow damaged(f, 'header', `holds ${n} bytes`);";
    expect(scan({ 'src/maker.ts': maker, 'src/reader.ts': reader }).rows).toEqual([
      '65 <file>: cut short | src/reader.ts',
      '65 <file>: header: holds <n> bytes | src/reader.ts',
    ]);
  });

  test('may be a closure, handed on to another function', () => {
    const reader =
      "import { damaged } from './maker.ts';\nfunction read(f) {\n  const fail = (problem: string) => damaged(f, '', problem);\n" +
      "  inner(fail);\n}\nfunction inner(giveUp) { throw giveUp('no end in sight'); }";
    expect(scan({ 'src/maker.ts': maker, 'src/reader.ts': reader }).rows).toEqual([
      '65 <file>: no end in sight | src/reader.ts',
    ]);
  });

  test('may be a method', () => {
    const reader =
      "class R {\n  #fail(problem) { return new LabError(`${this.at}: ${problem}`); }\n  a() { throw this.#fail('not closed'); }\n}";
    expect(rows(reader)).toEqual(['64 <at>: not closed | src/a.ts']);
  });

  test('may put in words that another function gives', () => {
    const source =
      "function wrongWith(x) { if (x) return 'is not a number'; return undefined; }\n" +
      'const wrong = wrongWith(v);\nif (wrong !== undefined) throw new LabError(`${key}: ${wrong}`);';
    expect(rows(source)).toEqual(['64 <key>: is not a number | src/a.ts']);
  });
});

describe('what cannot be resolved is told', () => {
  test.each([
    ['throw new LabError(problem)', 'src/a.ts: <problem>: no words to know this message by'],
    ['throw new LabError(`${a}: ${b.c()}`)', 'src/a.ts: <a>: <b>: no words to know this message by'],
    ["throw new LabError('some words', code)", 'src/a.ts: an exit code that is not one of exitCodes'],
    [
      "throw new OwnError('some words')",
      'src/a.ts: new OwnError: say in scripts/errors/scan.ts what becomes of it',
    ],
    [
      'process.stderr.write(`some words ${x}`)',
      'src/a.ts: a line on stderr that does not begin with "iclab: "',
    ],
    ['console.error(message)', 'src/a.ts: a line on stderr that does not begin with "iclab: "'],
    [
      'write(`iclab: some words`)',
      'src/a.ts: a line of its own; give its exit code in scripts/errors/passed-on.ts',
    ],
  ])('%s', (text, problem) => {
    expect(scan({ 'src/a.ts': text }).problems).toEqual([problem]);
  });
});

describe('a message is quoted', () => {
  const source =
    'new LabError(`${file}: the first of two long messages`);\nnew LabError(`${file}: the second of two long messages`);\n' +
    'new LabError(`${file}: counts ${n} of ${m}`)';
  const missing = (test: string) => {
    const { messages } = scan({ 'src/a.ts': source });
    const literals = new Sources([{ path: 'a.test.ts', text: test }]).trees.flatMap(literalsOf);
    return unquoted(messages as FoundMessage[], literals).map(({ message }) => shown(message));
  };
  const [first, second] = ['first', 'second'].map((which) => `<file>: the ${which} of two long messages`);
  const third = '<file>: counts <n> of <m>';

  test('by a text, a template or a regular expression with its own words', () => {
    expect(missing("expect(e).toThrow('x: the first of two long messages')")).toEqual([second, third]);
    expect(missing('expect(e).toThrow(`${x}: the second of two long messages`)')).toEqual([first, third]);
    expect(missing('expect(e).toMatch(/^.*: the second of two long\\b/)')).toEqual([first, third]);
  });

  test('not by words that others have too', () => {
    expect(missing("expect(e).toThrow('of two long messages')")).toEqual([first, second, third]);
  });

  test('where it is short only as a whole', () => {
    expect(missing("expect(e).toThrow('counts 3')")).toContain(third);
    expect(missing("expect(e).toThrow('x: counts 3 of 4')")).not.toContain(third);
    expect(missing("expect(e).toThrow('counts 3 of 4')")).not.toContain(third);
    expect(missing("expect(e).toThrow('it counts 3 of 4 and more')")).toContain(third);
  });

  test('not in a title or a comment', () => {
    expect(
      missing("// x: the first of two long messages\ntest('x: the first of two long messages', f)"),
    ).toContain(first);
  });
});
