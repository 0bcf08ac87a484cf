/** The machine's clock. A query reads it once; a leaf's time never goes back (the log sees to that). */
import { uuidv7 } from 'uuidv7'
import type { Clock } from '../../port/clock.ts'

export const systemClock: Clock = { now: () => Date.now(), uuid: () => uuidv7() }
