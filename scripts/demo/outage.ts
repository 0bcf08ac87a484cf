/**
 * The PDP is killed while it works. Nothing passes without it; and when it is back, every decision
 * that it ever gave is still there.
 */
import { isDeepStrictEqual } from 'node:util'
import type { DecisionAnswer } from '../../service/contract/decision.ts'
import { fetchRecord } from './evidence.ts'
import { endOf, type Cast, type End } from './scene.ts'
import type { Stage } from './stage.ts'

const callers = 8
const killAfter = 40

/** @returns how many records were found again. */
export async function playOutage(stage: Stage): Promise<number> {
  const before = await fetchRecords(stage, stage.timeline.tally().answers)
  await killInTheMiddle(stage)
  await callWithoutPdp(stage)
  stage.timeline.title('the PDP starts again, on the same data')
  await stage.restart()
  const { answers } = stage.timeline.tally()
  const after = await fetchRecords(stage, answers)
  for (const [i, answer] of answers.entries()) {
    const isSame =
      isDeepStrictEqual(after[i]?.decision, answer) &&
      (before[i] === undefined || isDeepStrictEqual(after[i], before[i]))
    if (!isSame) stage.timeline.fault(`${answer.decision_id}: the record differs`)
  }
  stage.timeline.note(`${String(after.length)} decisions asked for, all found, none changed`)
  await callAgain(stage, answers)
  return after.length
}

type Record = { readonly decision: DecisionAnswer }

async function fetchRecords(
  stage: Stage,
  answers: readonly DecisionAnswer[],
): Promise<readonly Record[]> {
  const credential = await stage.credential()
  const records = answers.map(({ decision_id: id }) => fetchRecord(stage.pdpUrl, credential, id))
  return (await Promise.all(records)) as Record[]
}

/** Each caller calls until it is refused: so the kill always comes in the middle of something. */
async function killInTheMiddle(stage: Stage): Promise<void> {
  const { timeline, cast, journal } = stage
  timeline.title(`${String(callers)} callers at once, and SIGKILL for the PDP in the middle of it`)
  const killed = stage.watch(killAfter).then(stage.killPdp)
  const ran = journal.length
  const passed = await Promise.all(Array.from({ length: callers }, () => callUntilRefused(cast)))
  await killed
  const seen = await timeline.finish(null)
  const permits = (phase: string): number =>
    seen.filter(({ query, ruling }) => query.phase === phase && ruling.pass).length
  const came = passed.reduce((sum, count) => sum + count, 0)
  const decided = seen.filter(({ ruling }) => ruling.answer !== null).length
  timeline.note(`${String(decided)} decisions were had, ${String(seen.length - decided)} were not`)
  timeline.note(`${String(came)} results came back, then every caller was refused`)
  if (came > permits('result') || journal.length - ran > permits('request')) {
    timeline.fault('something passed without a permit')
  }
}

async function callUntilRefused(cast: Cast): Promise<number> {
  let passed = 0
  while (endOf(await cast.client('ops').call('status', { service: 'api' })) === 'result')
    passed += 1
  return passed
}

async function callWithoutPdp({ timeline, cast }: Stage): Promise<void> {
  timeline.title('one more call while the PDP is down: no decision, so no')
  await expectEnd('refused', ['request tool:status -'], { timeline, cast })
}

async function callAgain(
  { timeline, cast }: Stage,
  earlier: readonly DecisionAnswer[],
): Promise<void> {
  timeline.title('work goes on, in the same log')
  await expectEnd('result', ['request tool:status permit', 'result tool:status permit'], {
    timeline,
    cast,
  })
  const last = Math.max(...earlier.map(({ log }) => log.index))
  const next = timeline.tally().answers[earlier.length]
  if (next === undefined || next.log.index <= last)
    timeline.fault('the log did not go on where it was')
}

async function expectEnd(
  end: End,
  expected: readonly string[],
  { timeline, cast }: Pick<Stage, 'timeline' | 'cast'>,
): Promise<void> {
  const seen = endOf(await cast.client('ops').call('status', { service: 'api' }))
  await timeline.finish(expected)
  if (seen !== end) timeline.fault(`the client saw: ${seen}; expected: ${end}`)
}
