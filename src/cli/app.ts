/** All commands, and every message the command line itself can give, on one line and with the nearest name. */
import {
  AliasNotFoundError,
  type ApplicationText,
  ArgumentParseError,
  buildApplication,
  buildRouteMap,
  EnumValidationError,
  FlagNotFoundError,
  formatMessageForArgumentScannerError,
  help,
  ArgumentScannerError,
  text_en,
  UnexpectedFlagError,
  UnexpectedPositionalError,
  UnsatisfiedFlagError,
  version,
} from '@stricli/core';
import { didYouMean, nearestName } from '../errors/nearest.ts';
import { codeVersion } from '../runs/run-record.ts';
import { benchCommand } from './bench.ts';
import { cleanCommand } from './clean.ts';
import type { LabContext } from './context.ts';
import { dataCommand } from './data.ts';
import { diffCommand } from './diff.ts';
import { errorLine, exitCodeOf, shortLine } from './error-line.ts';
import { evaluateCommand } from './evaluate.ts';
import { exportCommand } from './export.ts';
import { inspectCommand } from './inspect.ts';
import { presetsCommand } from './presets.ts';
import { reportCommand } from './report.ts';
import { reproduceCommand } from './reproduce.ts';
import { runsCommand } from './runs.ts';
import { sequencesCommand } from './sequences.ts';
import { sitesCommand } from './sites.ts';
import { toyCommand } from './toy.ts';
import { trainCommand } from './train.ts';
import { verifyCommand } from './verify.ts';

const commands = {
  train: trainCommand,
  reproduce: reproduceCommand,
  toy: toyCommand,
  report: reportCommand,
  diff: diffCommand,
  inspect: inspectCommand,
  runs: runsCommand,
  clean: cleanCommand,
  evaluate: evaluateCommand,
  data: dataCommand,
  verify: verifyCommand,
  sequences: sequencesCommand,
  sites: sitesCommand,
  presets: presetsCommand,
  export: exportCommand,
  bench: benchCommand,
};

type CommandName = keyof typeof commands;

function isCommandName(word: string | undefined): word is CommandName {
  return word !== undefined && Object.hasOwn(commands, word);
}

/** Flags that go with the first word, as help spells them; without a command those of the program. */
function flagNames(first: string | undefined): string[] {
  if (!isCommandName(first)) return ['help', 'version'];
  const own = Object.keys(commands[first].parameters.flags ?? {});
  return [...own.map((name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)), 'help'];
}

/** `--dryrun: unknown flag; did you mean "--dry-run"? (iclab train --help lists them)`. */
function unknownFlag(input: string, first: string | undefined): string {
  const near = nearestName(input, flagNames(first));
  const hint = near === undefined ? '' : `; did you mean "--${near}"?`;
  return `--${input}: unknown flag${hint} (iclab${isCommandName(first) ? ` ${first}` : ''} --help lists them)`;
}

const line = (problem: string) => shortLine(`iclab: ${problem}`);

/**
 * The line for a flag that the parser would take for known because every object has a member of that name
 * (`--constructor`); undefined where there is none.
 */
export function inheritedFlag(argv: readonly string[]): string | undefined {
  const end = argv.indexOf('--'); // what stands behind it is no flag
  for (const word of end < 0 ? argv : argv.slice(0, end)) {
    const name = /^--([a-z][\w.-]*)/i.exec(word)?.[1] ?? '';
    const member = name.replace(/^no-/, '').replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (member in Object.prototype) return line(unknownFlag(name, argv[0]));
  }
  return undefined;
}

/** A mistake on the command line, as a reader wants it told. @param first the first word typed */
function argumentProblem(error: unknown, first: string | undefined): string {
  if (error instanceof FlagNotFoundError) return unknownFlag(error.input, first);
  if (error instanceof AliasNotFoundError) {
    return `-${error.input}: unknown flag (iclab${isCommandName(first) ? ` ${first}` : ''} --help lists them)`;
  }
  if (error instanceof UnexpectedFlagError) return `--${error.externalFlagName}: given twice; keep one`;
  if (error instanceof ArgumentParseError) {
    const { externalFlagNameOrPlaceholder: flag, input, exception } = error;
    const expected = exception instanceof Error ? exception.message : String(exception);
    return `--${flag}: ${expected}; got "${input}"`;
  }
  if (error instanceof EnumValidationError) {
    const { externalFlagName: flag, input, values } = error;
    return `--${flag}: expected one of ${values.join(', ')}; got "${input}"${didYouMean(input, values)}`;
  }
  if (error instanceof UnsatisfiedFlagError) {
    return `--${error.externalFlagName}: a value is missing after it`;
  }
  if (error instanceof UnexpectedPositionalError) {
    return `"${error.input}": one word too many (at most ${error.expectedCount} here)`;
  }
  if (error instanceof ArgumentScannerError) return formatMessageForArgumentScannerError(error, {});
  return errorLine(error).replace(/^iclab: /, '');
}

/** A first word that names no command. */
function unknownCommand(input: string): string {
  const names = Object.keys(commands);
  if (input.startsWith('--')) return unknownFlag(input.slice(2), undefined);
  const hint = ['help', 'version'].includes(input)
    ? `; did you mean "iclab --${input}"?`
    : didYouMean(input, names);
  return `"${input}": unknown command${hint} (commands: ${names.join(', ')})`;
}

const textFor = (first: string | undefined): ApplicationText => ({
  ...text_en,
  noCommandRegisteredForInput: ({ input }) => line(unknownCommand(input)),
  exceptionWhileParsingArguments: (error) => line(argumentProblem(error, first)),
  exceptionWhileRunningCommand: (error) => errorLine(error),
  exceptionWhileLoadingCommandFunction: (error) => errorLine(error),
  exceptionWhileLoadingCommandContext: (error) => errorLine(error),
  exceptionWhileRunningIntegrationHook: ({ exception }) => errorLine(exception),
  exceptionWhileRunningIntegrationFlag: ({ exception }) => errorLine(exception),
  commandErrorResult: (error) => errorLine(error),
});

const overview = `A laboratory for the learning dynamics of in-context learning.

EXAMPLES
  iclab reproduce fig1b            train the paper's model at quick scale, draw figure 1b with its claims
  iclab train smoke                a run of seconds, to see that everything works
  iclab train quick data.source.sigma=0.3 --out runs/sigma-0.3
  iclab sequences                  what the model reads
  iclab verify                     the engine against numbers made by PyTorch and JAX

EXIT CODES
  0 done   1 a check failed   64 bad command or config   65 bad data file   70 crash or non-finite state
  73 cannot write   75 stopped; the same command goes on`;

/**
 * The command line as a whole; nothing is read or started yet.
 * @param first the first word typed, for messages that depend on the command
 */
export function buildApp(first: string | undefined) {
  const root = buildRouteMap<CommandName, LabContext>({
    routes: commands,
    docs: {
      brief: 'A laboratory for the learning dynamics of in-context learning',
      fullDescription: overview,
    },
  });
  const formatting = {
    caseStyle: 'convert-camel-to-kebab',
    useAliasInUsageLine: false,
    onlyRequiredInUsageLine: false,
  } as const;
  return buildApplication(
    root,
    {
      name: 'iclab',
      scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
      localization: { text: textFor(first) },
      determineExitCode: exitCodeOf,
    },
    {
      help: help({ brief: 'Print this help and exit', defaultForRouteMap: true, formatting }),
      version: version({
        brief: 'Print the version and exit',
        info: { getCurrentVersion: () => Promise.resolve(versionText()) },
      }),
    },
  );
}

/** `0.1.0 (commit 1a2b3c4d, changed)`. */
function versionText(): string {
  const { version, commit, changed } = codeVersion();
  if (commit === undefined) return version;
  return `${version} (commit ${commit.slice(0, 8)}${changed ? ', with changes' : ''})`;
}
