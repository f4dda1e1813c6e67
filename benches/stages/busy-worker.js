/** Another program that has work for a whole core, until it is told to stop. */
import { answerCalls } from "../calls.js";

answerCalls({
  /** @param {Int32Array} stop shared; not 0: it is over */
  work(stop) {
    let sum = 0;
    while (Atomics.load(stop, 0) === 0) for (let i = 0; i < 10_000; i++) sum += Math.sqrt(i + sum);
    return sum;
  },
});
