/** What a member of a crew does: builds the tasks that all threads know, says so, and takes shares until the crew is closed. */
import { ControlBlock } from './control-block.ts';
import type { Crew } from './crew.ts';
import type { MemberStart } from './start-crew.ts';

/**
 * @param build makes the tasks from `start.work`
 * @throws whatever building or a task throws, once the other threads know of it
 */
export function serveAsMember(start: MemberStart, build: (work: unknown) => Crew, onReady: () => void): void {
  const { threads, member, spinMicroseconds } = start;
  const control = new ControlBlock(threads, start.control);
  let crew: Crew;
  try {
    crew = build(start.work);
  } catch (error) {
    control.fail(member, error instanceof Error ? error.message : String(error));
    throw error;
  }
  onReady();
  crew.serve(control, member, spinMicroseconds);
}
