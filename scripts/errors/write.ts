/** `npm run write:errors`: writes docs/errors.md anew, and says which messages no test quotes. */
import { writeFileSync } from 'node:fs';
import { shown } from './message.ts';
import { unquoted } from './quotes.ts';
import { root, scanRepository, testLiterals } from './repository.ts';
import { errorsPage } from './table.ts';

const { messages, problems } = scanRepository();
const missing = unquoted(messages, testLiterals());
writeFileSync(`${root}/docs/errors.md`, errorsPage(messages));
for (const problem of problems) console.log(`cannot be resolved: ${problem}`);
for (const { message, files } of missing) console.log(`no test quotes: ${files[0]}: ${shown(message)}`);
console.log(`docs/errors.md: ${messages.length} messages, ${missing.length} without a test`);
process.exitCode = problems.length + missing.length > 0 ? 1 : 0;
