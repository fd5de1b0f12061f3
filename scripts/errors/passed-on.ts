/** What the scan of the sources has to be told, each with its reason. A line that is no longer needed fails a test. */

/** Places that only pass on words which stand elsewhere in the table or come from a library. */
export const passedOn: Readonly<Record<string, string>> = {
  'src/browser/start-run.ts: <failed message>': 'an error of the worker, on its way to the page',
  'src/cli/app.ts: --<flag>: <expected>; got "<input>"': 'what is expected stands under "Flags"',
  'src/cli/app.ts: <problem>':
    'a mistake that stricli alone has words for, or any error while words are read',
  'src/cli/error-line.ts: [<whose>: ]<error message>': 'every error, on its way to the terminal',
  'src/cli/run-output.ts: <event message>': 'every warning, on its way to the terminal',
  'src/cli/several-output.ts: <name>: <event message>': 'every warning of one of several runs',
  'src/executors/local-processes.ts: <message message>': 'every error of a run that is a process of its own',
  'src/cli/runs.ts: <problem>': 'why a run in the list is damaged: an error of the run folder',
  'src/data/config.ts: <message>': 'what stands under "Settings"',
  'src/data/data-problems.ts: <message>': 'a kind of sequence that cannot be: stands under "Settings"',
  'src/data/resolved-data.ts: <setting>: <problem>': 'what stands under "Settings"',
  'src/data/sampler.ts: <setting>: <problem>': 'what stands under "Settings"',
  'src/formats/data-error.ts: <file>: <field>: <problem>': 'what stands under "JSON"',
  'src/runs/config.ts: <problem>': 'what is wrong with interventions: an error of src/intervene',
  'src/runs/load-config.ts: <setting>: <issue message>[ (and <number> more problem[s])]':
    'what stands under "Settings"',
};

/** Errors that are caught where they are made, and guards against what the code before them does not let through. */
export const neverShown: Readonly<Record<string, string>> = {
  'src/runs/ownership.ts: not an owner record': 'such a file counts as one that cannot be read',
  'src/formats/safetensors.ts: <file>: header: not a JSON object': 'JSON that begins with "{" is one',
  'src/runs/config-text.ts: <setting>: cannot read <source>': 'the core schema of YAML has no other values',
  'src/runs/config-text.ts: <setting>: cannot read this value': 'the core schema of YAML has no other values',
};

/** The exit code of lines that are written as they are, without an error. */
export const templateExitCodes: Readonly<Record<string, number>> = {
  'bin/iclab.js': 70,
  'scripts/prepare.js': 1,
  'src/cli/app.ts': 64,
  'src/cli/context.ts': 73,
  'src/cli/error-line.ts': 70,
};
