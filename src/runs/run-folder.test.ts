import { describe, expect, test } from 'vitest';
import { exitCodes } from '../errors/lab-error.ts';
import { fileLimits } from './capped-read.ts';
import { continuation, defaultRunFolder, readLastStart, readFolder } from './run-folder.ts';
import { runSession } from './run-session.ts';
import { sealed } from './sealed-json.ts';
import { MemoryStorage } from './storage/memory-storage.ts';
import {
  fakeConfig,
  fakeFolder as folder,
  fakeMachine,
  fakeSession,
  lateClock,
  traceOf,
  uninterrupted,
} from './testing.ts';

async function finishedRun() {
  const storage = new MemoryStorage();
  await runSession(fakeSession(storage).options);
  return storage;
}

async function overwrite(storage: MemoryStorage, name: string, text: string) {
  await storage.remove(`${folder}/${name}`);
  await storage.create(`${folder}/${name}`, new TextEncoder().encode(text));
}

describe('a run folder', () => {
  test('is named after the preset and the settings that decide the numbers', () => {
    const plain = defaultRunFolder('smoke', fakeConfig());
    expect(plain).toMatch(/^runs\/smoke-[0-9a-f]{12}$/);
    expect(defaultRunFolder('smoke', fakeConfig('train.trainSequences=999'))).toBe(plain);
    expect(defaultRunFolder('smoke', fakeConfig('seeds.init=9'))).not.toBe(plain);
  });

  test('that is empty takes any config; one that is finished has nothing to do', async () => {
    const storage = new MemoryStorage();
    await storage.makeDirectory(folder);
    expect(continuation(await readFolder(storage, folder), fakeConfig(), folder)).toBe('new');
    const state = await readFolder(await finishedRun(), folder);
    expect(continuation(state, fakeConfig(), folder)).toBe('finished');
    expect(continuation(state, fakeConfig('train.trainSequences=321'), folder)).toBe('goOn');
    expect(state.finishedAt).toMatchObject({ sequences: 320, step: 10 });
  });

  test.each(['config.json', 'run.json', 'done.json'])(
    'with a damaged %s is refused in one line',
    async (name) => {
      for (const text of ['{"seeds"', '3', '', '[]', '{"a":1,"a":2}', '{"__proto__":{}}', '{"a":"\u0007"}']) {
        const storage = await finishedRun();
        await overwrite(storage, name, text);
        await expect(readFolder(storage, folder)).rejects.toMatchObject({
          exitCode: exitCodes.badData,
          message: expect.stringContaining(`runs/test/${name}: not readable as JSON: damaged`) as string,
        });
      }
    },
  );

  test.each([
    '{}',
    '{"sequences":"many","step":1}',
    '{"sequences":1e308,"step":1}',
    '{"sequences":-1,"step":1}',
  ])('with a done.json of %s is not taken for finished', async (text) => {
    const storage = await finishedRun();
    await overwrite(storage, 'done.json', text);
    await expect(readFolder(storage, folder)).rejects.toMatchObject({
      exitCode: exitCodes.badData,
      message: expect.stringContaining(
        'runs/test/done.json: does not say after how many sequences',
      ) as string,
    });
  });

  test('with the config of another version is refused, naming the setting', async () => {
    const storage = await finishedRun();
    await overwrite(storage, 'config.json', JSON.stringify({ ...fakeConfig(), model: { depth: 'two' } }));
    await expect(readFolder(storage, folder)).rejects.toMatchObject({
      exitCode: exitCodes.badData,
      message: expect.stringContaining('runs/test/config.json: model.depth: ') as string,
    });
  });

  test.each([
    ['run.json', 'config', { ...fakeConfig(), checkpoint: { ...fakeConfig().checkpoint, keep: 7 } }],
    ['config.json', 'checkpoint', { ...fakeConfig().checkpoint, keep: 7 }],
    ['done.json', 'sequences', 3200],
  ])('with another value in %s, as good as the right one, is refused', async (name, field, value) => {
    const storage = await finishedRun();
    const text = new TextDecoder().decode(await storage.read(`${folder}/${name}`));
    const changed = { ...(JSON.parse(text) as object), [field]: value };
    await overwrite(storage, name, JSON.stringify(changed, null, 2));
    await expect(readFolder(storage, folder)).rejects.toMatchObject({
      exitCode: exitCodes.badData,
      message: expect.stringMatching(
        new RegExp(`^runs/test/${name}: not as it was written: damaged; remove it and `),
      ) as string,
    });
    // The advice holds.
    await storage.remove(`${folder}/${name}`);
    const [clock, processes] = [lateClock(), fakeMachine().process(2)];
    const { outcome } = await runSession(fakeSession(storage, { clock, processes }).options);
    expect(outcome).toBe(name === 'run.json' ? 'alreadyFinished' : 'finished');
    expect(await traceOf(storage)).toEqual(await uninterrupted());
  });

  test('written before files were sealed is still read', async () => {
    const storage = await finishedRun();
    for (const [name, since] of [
      ['run.json', 'configSha256'],
      ['done.json', 'metrics'],
    ]) {
      const text = new TextDecoder().decode(await storage.read(`${folder}/${name}`));
      const members = Object.entries(JSON.parse(text) as object).filter(
        ([key]) => key !== 'sha256' && key !== since,
      );
      await overwrite(storage, name, JSON.stringify(Object.fromEntries(members)));
    }
    const state = await readFolder(storage, folder);
    expect(state.finishedAt).toEqual({ sequences: 320, step: 10 });
    expect(await runSession(fakeSession(storage).options)).toMatchObject({ outcome: 'alreadyFinished' });
  });

  test('that is finished with damaged metrics says what to do, and that helps', async () => {
    const storage = await finishedRun();
    const text = new TextDecoder().decode(await storage.read(`${folder}/metrics.1.ndjson`));
    const at = text.lastIndexOf('"sequences":320');
    await overwrite(storage, 'metrics.1.ndjson', `${text.slice(0, at)}"sequences":321${text.slice(at + 15)}`);
    await expect(runSession(fakeSession(storage).options)).rejects.toMatchObject({
      exitCode: exitCodes.badData,
      message: expect.stringMatching(
        /^runs\/test\/metrics\.1\.ndjson: .*damaged; the run is finished: remove runs\/test\/done\.json and /,
      ) as string,
    });
    await storage.remove(`${folder}/done.json`);
    const again = fakeSession(storage);
    await runSession(again.options);
    expect(again.events[0]).toMatchObject({ kind: 'warning' });
    expect(await traceOf(storage)).toEqual(await uninterrupted());
  });

  test('with a record of a start that lacks something is refused, naming it', async () => {
    const storage = await finishedRun();
    const record = await readLastStart(storage, folder);
    await overwrite(storage, 'run.json', JSON.stringify(sealed({ ...record, command: 'iclab train' })));
    await expect(readLastStart(storage, folder)).rejects.toMatchObject({
      exitCode: exitCodes.badData,
      message: expect.stringMatching(
        /^runs\/test\/run\.json: command: .*: damaged or of another version$/,
      ) as string,
    });
  });

  test('with a file larger than any that is written is refused before it is read', async () => {
    const storage = await finishedRun();
    await overwrite(storage, 'config.json', ' '.repeat(fileLimits.json + 1));
    storage.intercept((operation, path) => {
      if (operation === 'read') throw new Error(`read ${path}`);
    });
    await expect(readFolder(storage, folder)).rejects.toMatchObject({
      exitCode: exitCodes.badData,
      message: 'runs/test/config.json: 1048577 bytes, more than the 1048576 such a file may have: damaged',
    });
  });

  test('tells what made it', async () => {
    const storage = await finishedRun();
    expect(await readLastStart(storage, folder)).toMatchObject({
      command: ['iclab', 'train', 'smoke'],
      source: 'fake source',
    });
    const config = fakeConfig('train.trainSequences=640');
    const record = { ...fakeSession(storage).options.record, command: ['iclab', 'train', 'smoke', 'longer'] };
    await runSession(fakeSession(storage, { config, record }).options);
    expect((await readLastStart(storage, folder)).command).toEqual(record.command);
    await storage.remove(`${folder}/run.2.json`);
    await storage.remove(`${folder}/run.json`);
    await expect(readLastStart(storage, folder)).rejects.toThrow('runs/test/run.json: missing');
  });
});
