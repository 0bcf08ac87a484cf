import { expect } from '@jest/globals'
import { testWithOpa } from '../../../support/opa.ts'
import { differences } from './differential.ts'
import { regexRows } from './differential/regex-rows.ts'
import { semverRows } from './differential/semver-rows.ts'
import { sprintfRows } from './differential/sprintf-rows.ts'
import { stringRows } from './differential/string-rows.ts'
import { timeRows } from './differential/time-rows.ts'
import { unitRows } from './differential/unit-rows.ts'
import { uriRows } from './differential/uri-rows.ts'

testWithOpa.each([
  ['regex and glob', regexRows],
  ['semver', semverRows],
  ['sprintf', sprintfRows],
  ['strings', stringRows],
  ['time', timeRows],
  ['units', unitRows],
  ['uri and urlquery', uriRows],
])('what OPA says of %s, the engine says too', async (_family, rows) => {
  expect(await differences(rows)).toEqual([])
})
