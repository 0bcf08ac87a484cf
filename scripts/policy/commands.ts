// The commands of `countersign policy`, in the order of their help.

import type { Command } from '../command/command.ts'
import { build } from './build.ts'
import { catalogue } from './catalogue.ts'
import { diff } from './diff.ts'
import { explain } from './explain.ts'
import { fmt } from './fmt.ts'
import { inspect } from './inspect.ts'
import { profile } from './profile.ts'
import { push } from './push.ts'
import { sign } from './sign.ts'
import { verify } from './verify.ts'

export const policyCommands: readonly Command[] = [
  build,
  catalogue,
  diff,
  explain,
  fmt,
  inspect,
  profile,
  push,
  sign,
  verify,
]
