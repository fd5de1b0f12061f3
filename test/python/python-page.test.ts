/** Every block of docs/python.md runs as it stands, one after another, and gives the numbers that the program has. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readMetrics } from '../../src/runs/metrics-log.ts';
import { nodeStorage } from '../../src/runs/storage/node-storage.ts';
import { listCheckpoints, readCheckpoint, trainRun } from '../../src/library/index.ts';
import { findPython, pythonSkipLine } from './find-python.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs', 'python.md'), 'utf8');
const blocks = [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, text]) => ({
  language,
  text,
}));
const python = findPython();
// oxlint-disable-next-line no-console -- what was not run is said
if (python === undefined) console.log(pythonSkipLine);

test('a Python that was wished for and cannot be had is an error', () => {
  expect(() => findPython({ PYTHON: process.execPath })).toThrow(/^PYTHON=.*: no Python with pandas/);
});

describe.skipIf(python === undefined)('docs/python.md', () => {
  let home = '';
  const folder = (name: string) => join(home, 'runs', name);
  const settings = (sigma: number) => ({
    'data.source.sigma': sigma,
    'train.trainSequences': 320,
    'evaluate.everySequences': 64,
    'evaluate.sequencesPerEvaluator': 16,
    'train.recordEverySequences': 64,
    'checkpoint.everySequences': 128,
  });

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'iclab-python-'));
    const stop = new AbortController();
    const a = { preset: 'smoke', settings: settings(0.3), folder: folder('a') };
    await trainRun({
      ...a,
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind === 'evaluation' && event.sequences === 192) stop.abort();
      },
    });
    // As if it had been killed: what it measured after its last checkpoint no longer counts.
    appendFileSync(
      join(folder('a'), 'metrics.1.ndjson'),
      '{"kind":"train","sequences":999,"step":9,"loss":9}\n',
    );
    await trainRun(a);
    await trainRun({ preset: 'smoke', settings: settings(0.8), folder: folder('b') });
    // As a power cut may leave lines that were never synced.
    appendFileSync(join(folder('b'), 'metrics.1.ndjson'), '\0\0\0\0\n{"kind":"tr');
  }, 60_000);
  afterAll(() => rmSync(home, { recursive: true }));

  test('runs as it stands, and its numbers are the program’s', { timeout: 120_000 }, async () => {
    const [command] = blocks.filter(({ language }) => language === '').map(({ text }) => text.trim());
    const [name, ...words] = command.split(' ');
    expect(name).toBe('iclab');
    const exported = spawnSync(process.execPath, [join(root, 'bin', 'iclab.js'), ...words], {
      cwd: home,
      encoding: 'utf8',
    });
    expect(exported).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(folder('a')).filter((file) => file.startsWith('metrics.'))).toHaveLength(2);
    const a = await readMetrics(nodeStorage, folder('a'));
    const b = await readMetrics(nodeStorage, folder('b'));
    const newest = (await listCheckpoints({ folder: folder('a') })).at(-1) ?? '';
    const { tensors } = await readCheckpoint(newest);
    const golden = join(root, 'test', 'golden', 'attention-only-learned.safetensors');
    writeFileSync(join(home, 'truth.json'), JSON.stringify({ a, b, newest: newest.split(/[/\\]/).at(-1) }));
    const unembed = tensors.get('unembed.weight');

    const checks = `
truth = json.loads(Path("truth.json").read_text())
for name in "ab":
    pd.testing.assert_frame_equal(read_metrics(f"runs/{name}"), pd.DataFrame(truth[name]), check_exact=True)
    rows = df[df["run"] == name].drop(columns=["run", "id", "data.source.sigma"]).reset_index(drop=True)
    recorded = pd.DataFrame([r for r in truth[name] if r["kind"] == "evaluation"]).drop(columns="kind")
    pd.testing.assert_frame_equal(rows, recorded[rows.columns], check_exact=True, check_dtype=False)
assert [run["config"]["data"]["source"]["sigma"] for run in made] == [0.3, 0.8]
assert len(read_metrics(".")) == 0
assert newest.name == truth["newest"] and about["sequences"] == "320"
assert float(weights["unembed.weight"][3, 5]) == ${unembed?.data[3 * unembed.shape[1] + 5]}
assert is_intact(newest)
data = bytearray(newest.read_bytes())
for at in range(7, len(data), len(data) // 50):
    data[at] ^= 4
    Path("damaged").write_bytes(data)
    assert not is_intact("damaged"), at
    data[at] ^= 4
golden = load_file(${JSON.stringify(golden)})
param = {name[6:]: array for name, array in golden.items() if name.startswith("param.")}
logits = forward(param, golden["batch.examples"][0], golden["batch.labels"][0, :, :-1], heads=4)
error = abs(logits - golden["step0.queryLogits"]).max() / abs(golden["step0.queryLogits"]).max()
assert error < 2e-5, error
print("checked")
`;
    const code = blocks.filter(({ language }) => language === 'python').map(({ text }) => text);
    expect(code).toHaveLength(5);
    writeFileSync(join(home, 'page.py'), [...code, checks].join('\n'));
    const { status, stdout, stderr } = spawnSync(python ?? '', ['page.py'], {
      cwd: home,
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/\nchecked\n$/);
    expect(stdout).toContain('320 sequences\nTrue\n(1, 64)\n');
  });
});
