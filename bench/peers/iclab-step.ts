/** Our own step as a peer: same protocol as protocol.py, but its batches are drawn anew, which is timed with it. */
import { createInterface } from 'node:readline';
import { openVariant, variantFromWords } from '../../src/measure/engine-variant.ts';
import { gemmPeak } from '../../src/measure/gemm-peak.ts';
import { shapeNames } from '../../src/measure/shapes.ts';
import { exchangedSteps, peerConfig } from './exchange.ts';

async function main([shapeName, ...variant]: readonly string[]): Promise<void> {
  const shape = shapeNames.find((name) => name === shapeName);
  if (shape === undefined) throw new Error(`the shape must be one of ${shapeNames.join(', ')}`);
  const { trainer, kernelModule } = await openVariant(variantFromWords(variant), peerConfig(shape));
  const pass = () => Array.from({ length: exchangedSteps }, () => trainer.trainStep().loss);
  const say = (answer: object) => console.log(JSON.stringify(answer));
  say({ version: `iclab, Node ${process.version}`, losses: pass() });
  for await (const line of createInterface({ input: process.stdin })) {
    const stepMs = Array.from({ length: Number(line) }, () => {
      const start = performance.now();
      pass();
      return (performance.now() - start) / exchangedSteps;
    });
    say({ stepMs, gemmGflops: gemmPeak(kernelModule) });
  }
}

await main(process.argv.slice(2));
