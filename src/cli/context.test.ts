import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../../bin/iclab.js', import.meta.url));
const shell = (command: string) =>
  spawnSync('bash', ['-c', command, process.execPath, program], { encoding: 'utf8' });

describe('the output', () => {
  test.runIf(existsSync('/dev/full'))('that cannot be written ends with 73 and one line', () => {
    const { status, stderr } = shell('"$0" "$1" presets > /dev/full');
    expect(stderr).toBe('iclab: stdout: cannot write: no space left on the device (ENOSPC)\n');
    expect(status).toBe(73);
  });

  test.runIf(process.platform !== 'win32')('whose reader leaves ends nothing', () => {
    const { stderr, stdout } = shell('"$0" "$1" presets quick | true; echo "${PIPESTATUS[0]}"');
    expect([stdout, stderr]).toEqual(['0\n', '']);
  });
});
