/** A tiny model with many alike classes comes to learn in context: `node examples/train-and-plot.ts` (ten seconds). */
import { writeFile } from 'node:fs/promises';
import { curveOf, drawFig1b, evaluateCheckpoint, listCheckpoints, readCheckpoint, trainRun } from 'iclab';

const run = await trainRun({
  preset: 'smoke',
  settings: { 'data.source.classes': 1600, 'data.source.sigma': 0.1, 'train.trainSequences': 64_000 },
  folder: 'runs/example',
  onEvent: (event) => {
    if (event.kind === 'evaluation') console.log(`${event.sequences} sequences, evaluated`);
  },
});

const icl = curveOf(run.table, 'icl', 'inContextAccuracy');
console.log(`ICL accuracy: ${icl.map(({ value }) => value.toFixed(2)).join(' ')}`);
await writeFile('example.svg', drawFig1b(run));

const [newest] = (await listCheckpoints(run)).toReversed();
const records = evaluateCheckpoint(run.config, await readCheckpoint(newest));
for (const { evaluator, loss } of records) console.log(`${evaluator}: loss ${loss.toFixed(2)} nats`);
