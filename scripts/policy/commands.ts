// The commands of `countersign policy`, in the order of their help.

import type { Command } from '../command/command.ts'
import { build } from './build.ts'
import { catalogue } from './catalogue.ts'
import { check } from './check.ts'
import { diff } from './diff.ts'
import { explain } from './explain.ts'
import { fmt } from './fmt.ts'
import { inspect } from './inspect.ts'
import { lint } from './lint.ts'
import { create } from './new.ts'
import { profile } from './profile.ts'
import { push } from './push.ts'
import { schemas } from './schemas.ts'
import { shadow } from './shadow.ts'
import { sign } from './sign.ts'
import { test } from './test.ts'
import { verify } from './verify.ts'
import { watch } from './watch.ts'

export const policyCommands: readonly Command[] = [
  build,
  catalogue,
  check,
  diff,
  explain,
  fmt,
  inspect,
  lint,
  create,
  profile,
  push,
  schemas,
  shadow,
  sign,
  test,
  verify,
  watch,
]
