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
  UnexpectedPositionalError,
  UnsatisfiedFlagError,
  version,
} from '@stricli/core';
import { didYouMean } from '../errors/nearest.ts';
import { visibleLine } from '../report/visible-text.ts';
import { codeVersion } from '../runs/run-record.ts';
import type { LabContext } from './context.ts';
import { errorLine, exitCodeOf } from './error-line.ts';
import { presetsCommand } from './presets.ts';
import { reproduceCommand } from './reproduce.ts';
import { sequencesCommand } from './sequences.ts';
import { sitesCommand } from './sites.ts';
import { trainCommand } from './train.ts';
import { verifyCommand } from './verify.ts';

const commands = {
  train: trainCommand,
  reproduce: reproduceCommand,
  verify: verifyCommand,
  sequences: sequencesCommand,
  sites: sitesCommand,
  presets: presetsCommand,
};

/** Flags of any command, for "did you mean". */
const flagNames = ['out', 'seed', 'dry-run', 'json', 'scale', 'count', 'help', 'version'].map(
  (name) => `--${name}`,
);

const line = (problem: string) => visibleLine(`iclab: ${problem}`);

/** A mistake on the command line, as a reader wants it told. */
function argumentProblem(error: unknown): string {
  if (error instanceof FlagNotFoundError) {
    const known = error.corrections.length > 0 ? error.corrections.map((name) => `--${name}`) : flagNames;
    return `--${error.input}: unknown flag${didYouMean(`--${error.input}`, known)} (iclab <command> --help lists them)`;
  }
  if (error instanceof AliasNotFoundError)
    return `-${error.input}: unknown flag (iclab <command> --help lists them)`;
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

const text: ApplicationText = {
  ...text_en,
  noCommandRegisteredForInput: ({ input }) => {
    const names = Object.keys(commands);
    return line(`"${input}": unknown command${didYouMean(input, names)} (commands: ${names.join(', ')})`);
  },
  exceptionWhileParsingArguments: (error) => line(argumentProblem(error)),
  exceptionWhileRunningCommand: errorLine,
  exceptionWhileLoadingCommandFunction: errorLine,
  exceptionWhileLoadingCommandContext: errorLine,
  exceptionWhileRunningIntegrationHook: ({ exception }) => errorLine(exception),
  exceptionWhileRunningIntegrationFlag: ({ exception }) => errorLine(exception),
  commandErrorResult: errorLine,
};

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

/** The command line as a whole; nothing is read or started yet. */
export function buildApp() {
  const root = buildRouteMap<keyof typeof commands, LabContext>({
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
      localization: { text },
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
