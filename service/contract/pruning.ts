/** Pruning of a log (C2SP tlog-tiles, "Pruning"): what a leaf of kind `log_pruned` says. */
import { Type, type Static } from 'typebox'
import { closed, Digest, Name } from './digest.ts'

/** `event` of a leaf of kind `log_pruned`. It is durable, under a signed checkpoint, before anything is gone. */
export const Pruning = Type.Object(
  {
    /** The minimum index: no entry below it is held by the service any more. */
    minimum: Type.Integer({ minimum: 1 }),
    /** RFC 6962 tree hash over the entries below it. */
    root: Digest,
    /** SHA-256 of the base, which holds what those entries still mean for the ones behind them. */
    base: Digest,
    /** The archive that was found to hold every entry below: the checkpoint that it had. */
    archive: Type.Object({ size: Type.Integer({ minimum: 1 }), root: Digest }, closed),
    /** `operator`, or `retention` when the service did it by its configuration. */
    by: Name,
  },
  closed,
)
export type Pruning = Static<typeof Pruning>
