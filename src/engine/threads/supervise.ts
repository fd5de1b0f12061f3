/** What the foreman of a crew does: starts the members, and tells the first thread, through shared memory, of one that ends. */
import { ControlBlock, places, states } from './control-block.ts';
import type { CrewStart, MemberStart, StartWorker, WorkerWord } from './start-crew.ts';

/**
 * @param tell given `ready` when all members are, `refused` where one is not to be had, and `failed` when one has ended
 * before its crew
 */
export function superviseMembers(
  start: CrewStart,
  startMember: StartWorker<MemberStart>,
  tell: (word: WorkerWord) => void,
): void {
  const control = new ControlBlock(start.threads, start.control);
  let missing = start.threads - 1;
  for (let member = 1; member < start.threads; member++) {
    const fail = (why: string, word: WorkerWord) => {
      const isOver = Atomics.load(control.words, places.state) === states.ended;
      if (isOver) return;
      control.fail(member, why);
      tell(word);
    };
    startMember(
      { ...start, member },
      {
        onWord: () => {
          if (--missing === 0) tell('ready');
        },
        onEnd: (why) => fail(why, 'failed'),
        onRefused: (refused) => fail(refused, { refused }),
      },
    );
  }
}
