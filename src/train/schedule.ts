/** The learning rate at each step (docs/specification.md, "Model"; the released schedules ascend, ours descend). */
import { cos } from '../engine/elementary.ts';
import type { ScheduleConfig } from './config.ts';

/**
 * What the base rate is multiplied by at a step.
 * @param step optimizer step, counted from 1
 */
export function scheduleFactor(schedule: ScheduleConfig, step: number): number {
  if (schedule.kind === 'constant') return 1;
  const { warmupSteps } = schedule;
  if (schedule.kind === 'warmupInverseSqrt')
    return Math.min(step / warmupSteps, Math.sqrt(warmupSteps / step));
  if (step <= warmupSteps) return step / warmupSteps;
  const { decaySteps, finalFraction } = schedule;
  const progress = Math.min(1, (step - warmupSteps) / decaySteps);
  return finalFraction + ((1 - finalFraction) * (1 + cos(Math.PI * progress))) / 2;
}
