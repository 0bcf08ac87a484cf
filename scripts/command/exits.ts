// The exit codes of every command.

/** Documented in README.md; scripts rely on them. */
export const exits = {
  /** Done, and nothing is wrong. */
  ok: 0,
  /** Done, and the answer is no: a test failed, a check found something, a decision is not a permit. */
  no: 1,
  /** The arguments or a file that was named cannot be used; the message says what to change. */
  usage: 2,
  /** Something outside failed: a disk, a registry, a service that does not answer. */
  failed: 3,
} as const
