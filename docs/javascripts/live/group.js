// Blocks that share their variables: those of a page, or those of a docstring. They build on each other, in their order.
import { session } from "./session.js";

export class Group {
  blocks = [];

  /** The number of the worker in which a reader's own version of a block ran. */
  changedIn = -1;

  constructor(scope, module) {
    Object.assign(this, { scope, module });
  }

  /** Whether a block would now run as it does when a reader takes one after the other: only then must it print the same. */
  isFresh(block) {
    const later = this.blocks.slice(this.blocks.indexOf(block));
    return this.changedIn !== session.generation && !later.some((other) => other.hasRun);
  }

  /** Run the blocks before this one that haven't run; the name of what one of them lacked, or "". */
  async runBefore(block, say) {
    const above = this.blocks.slice(0, this.blocks.indexOf(block));
    const waiting = above.filter((other) => !other.hasRun);
    for (const [number, other] of waiting.entries()) {
      say(`Running the code above first: ${number + 1} of ${waiting.length} ...`);
      await other.execute();
    }
    return above.find((other) => other.lacked)?.lacked ?? "";
  }
}
