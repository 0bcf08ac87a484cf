/** Real servers and tools beside npm packages; where they are left out by choice, their tests are counted as skipped. */
import { describe } from '@jest/globals'

const isLeftOut = process.env['COUNTERSIGN_WITHOUT_PARTS'] === '1'

/** `describe`, for what starts a real part of scripts/parts.ts. */
export const describeWithParts: typeof describe | typeof describe.skip = isLeftOut
  ? describe.skip
  : describe
