/**
 * `npm run demo`: the whole story on real MCP servers and clients of both eras, with the PDP as a
 * process of its own. Ends with 0 only if every decision was the expected one.
 */
import { playOutage } from './outage.ts'
import type { Scene } from './scene.ts'
import { setStage, type Stage } from './stage.ts'
import { legacyStory } from './story-legacy.ts'
import { modernStory } from './story-modern.ts'

/** What the servers may have run by the end, the calls of the outage apart. */
const journalExpected = [
  'api is healthy',
  'open_ticket: the person chose accept',
  'summarise_incident: claude-haiku-5 answered',
  'explain_outage: claude-haiku-5 answered',
  'choose_region: the person chose accept',
]

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

async function playScene({ timeline, cast }: Stage, scene: Scene): Promise<void> {
  timeline.title(scene.title)
  const wrong = await scene.play(cast)
  await timeline.finish(scene.expected)
  if (wrong !== null) timeline.fault(wrong)
}

async function playAll(stage: Stage): Promise<number> {
  const { timeline, journal } = stage
  for (const scene of modernStory) await playScene(stage, scene)
  for (const scene of legacyStory) await playScene(stage, scene)
  if (journal.join('\n') !== journalExpected.join('\n')) {
    timeline.fault(`the servers ran: ${journal.join('; ')}`)
  }
  return playOutage(stage)
}

function summary(stage: Stage, found: number, milliseconds: number): string {
  const { answers, verified, faults } = stage.timeline.tally()
  const expected =
    faults.length === 0 ? 'all as expected' : `${String(faults.length)} NOT as expected`
  return [
    `\ndemo: ${String(answers.length)} decisions, ${expected}`,
    `${String(verified)} tokens verified`,
    `${String(found)} records found again after SIGKILL`,
    `${(milliseconds / 1000).toFixed(1)} s`,
  ].join('; ')
}

// So that the PDP and its data do not outlive an interrupted demo.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
const began = performance.now()
const stage = await setStage(print)
try {
  const found = await playAll(stage)
  print(summary(stage, found, performance.now() - began))
  process.exitCode = stage.timeline.tally().faults.length === 0 ? 0 : 1
} finally {
  await stage.close()
}
