/** The page of all messages, docs/errors.md, as text. */
import { shown } from './message.ts';
import type { FoundMessage, MessageKind } from './scan.ts';

const head = `# Errors

Every line that iclab can print when something is wrong. Made from the sources by \`npm run write:errors\`; a test fails
where this page and the sources differ, and another where a message is in no test.

An error is one line on stderr: \`iclab: where: what is wrong, got / expected; what to do\`. With \`--json\` the same line
is the \`message\` of the last event on stdout (docs/events.md). The exit code says of which kind it is. A message never
has a line break; control characters and marks that turn the direction of writing are shown as their code; of a line of
more than 4,000 characters the middle is left out. Whatever else is thrown is a bug, and told as \`unexpected error\`,
exit code 70.

\`<...>\` is filled in; \`[...]\` may be missing. \`<setting>\` is where a setting was written: \`file:line:column: \` and
its path, or its path and \`(override)\`, \`(preset name)\` or nothing behind the message. \`<reason>\`, \`<problem>\` and
\`<expected>\` are among the details at the end, or the words of a library (YAML, zod).
`;

const codeTitles: Readonly<Record<number, string>> = {
  1: 'a check failed',
  64: 'bad command or config',
  65: 'bad data file',
  70: 'crash, or a number that is not finite',
  73: 'cannot write',
  75: 'stopped; the same command goes on',
};

const detailTitles: readonly (readonly [MessageKind, string, string])[] = [
  ['setting', 'Settings', 'What is wrong with a setting, after where it was written.'],
  ['flag', 'Flags', 'After `--<flag>: `, and followed by what was given: `; got "<input>"`. Exit code 64.'],
  ['json', 'JSON', 'What is wrong with JSON in a file, after the name of the file.'],
  [
    'reason',
    'Reasons',
    'Why a file or folder cannot be read or written, with the code of the system: `(EACCES)`.',
  ],
];

export function errorsPage(messages: readonly FoundMessage[]): string {
  const errors = messages.filter(({ kind }) => kind === 'error');
  const codes = [...new Set(errors.map(({ exitCode }) => exitCode))].sort((a, b) => (a ?? 99) - (b ?? 99));
  const sections = codes.map((code) => {
    const title =
      code === undefined
        ? 'Exit code of the error it quotes'
        : `Exit code ${code}: ${codeTitles[code] ?? ''}`;
    return section(title, '', byArea(errors.filter(({ exitCode }) => exitCode === code)));
  });
  const warnings = messages.filter(({ kind }) => kind === 'warning');
  const details = detailTitles.map(([kind, title, words]) =>
    section(title, words, table(messages.filter((message) => message.kind === kind)), '###'),
  );
  return [
    head,
    ...sections,
    section(
      'Warnings',
      'One line on stderr, `iclab: warning: ...`; with `--json` an event. The program goes on.',
      table(warnings),
    ),
    '## Details\n\nWords that stand within the messages above.\n',
    ...details,
  ].join('\n');
}

function section(title: string, words: string, body: string, level = '##'): string {
  return `${level} ${title}\n\n${words === '' ? '' : `${words}\n\n`}${body}`;
}

function areaOf({ files: [file] }: FoundMessage): string {
  const parts = file.split('/');
  return parts.slice(0, parts[0] === 'src' ? 2 : 1).join('/');
}

function byArea(messages: readonly FoundMessage[]): string {
  const areas = Map.groupBy(messages, areaOf);
  const sorted = [...areas].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([area, own]) => `### ${area}\n\n${table(own)}`).join('\n');
}

function table(messages: readonly FoundMessage[]): string {
  const rows = messages
    .map(({ message, files }) => ({ files: files.join(', '), text: shown(message) }))
    .toSorted((a, b) => (a.files < b.files ? -1 : a.files > b.files ? 1 : 0))
    .map(({ files, text }) => `| ${asCode(text)} | ${files} |\n`);
  return `| message | said by |\n| --- | --- |\n${rows.join('')}`;
}

function asCode(text: string): string {
  const inTable = text.replaceAll('|', '\\|');
  return text.includes('`') ? `\`\` ${inTable} \`\`` : `\`${inTable}\``;
}
