/** The pool over workers that do as a test says: the first serves, the second is the spare, and so on. */
import { expect, jest, test } from '@jest/globals'
import type { Job } from '../../../service/adapter/policy-engine/job.ts'
import type {
  WorkerEvents,
  WorkerThread,
} from '../../../service/adapter/policy-engine/worker-thread.ts'
import { limits } from '../../../service/contract/limits.ts'
import { WorkerPool } from '../../../service/adapter/policy-engine/worker-pool.ts'

/** A worker that does what the test says with what it is given. */
type Script = (
  jobs: readonly Job[],
  end: (culprit: Job | null, left: readonly Job[]) => void,
  /** Tells that a job is slow; the pool then takes back what is left. */
  slow: (job: Job, left: readonly Job[]) => void,
) => void

function poolOf(
  scripts: (Script | Error)[],
  workers = 1,
): { pool: WorkerPool; started: () => number } {
  let started = 0
  const start = (events: WorkerEvents): Promise<WorkerThread> => {
    const script = scripts[started]
    started += 1
    if (script === undefined || script instanceof Error)
      return Promise.reject(script ?? new Error('no more'))
    let kept: readonly Job[] = []
    const worker = {
      load: 0,
      withdraw: () => kept,
      give: (jobs: readonly Job[]) => {
        const self = worker as unknown as WorkerThread
        script(
          jobs,
          (culprit, left) => {
            events.gone(self, culprit, left, 'engine.trap')
          },
          (job, left) => {
            kept = left
            events.slow(self, job)
          },
        )
      },
      look: () => undefined,
      isFree: () => true,
      stop: () => Promise.resolve(),
    }
    return Promise.resolve(worker as unknown as WorkerThread)
  }
  return {
    pool: new WorkerPool({ workers, evaluationMilliseconds: 50, start }),
    started: () => started,
  }
}

const answerAll: Script = (jobs) => {
  for (const job of jobs) job.resolve({ ok: true, result: job.input })
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const nothing = (): undefined => undefined
const unavailable = { ok: false, fault: 'engine.unavailable' }

test('the pool does not open when its first worker cannot be started', async () => {
  await expect(poolOf([new Error('no thread')]).pool.fill()).rejects.toThrow('no thread')
})

test('when no worker can be started again, what waits and what comes is answered at once', async () => {
  const { pool, started } = poolOf([
    (jobs, end) => {
      end(jobs[0] ?? null, jobs.slice(1))
    },
    new Error('no thread'),
  ])
  await pool.fill()
  const both = [pool.evaluate('a'), pool.evaluate('b')]
  expect(await Promise.all(both)).toEqual([{ ok: false, fault: 'engine.trap' }, unavailable])
  expect(await pool.evaluate('c')).toEqual(unavailable)
  expect(started()).toBe(2)
  await pool.close()
})

test('after a while a worker is tried again', async () => {
  const { pool } = poolOf([
    (jobs, end) => {
      end(jobs[0] ?? null, [])
    },
    new Error('no thread'),
    answerAll,
  ])
  await pool.fill()
  await pool.evaluate('a')
  expect(await pool.evaluate('b')).toEqual(unavailable)
  await new Promise((resolve) => setTimeout(resolve, 1100))
  expect(await pool.evaluate('b')).toEqual({ ok: true, result: 'b' })
  await pool.close()
})

test('what was not the cause is evaluated by the next worker', async () => {
  const { pool } = poolOf([
    (jobs, end) => {
      end(
        jobs[1] ?? null,
        jobs.filter((_, i) => i !== 1),
      )
    },
    answerAll,
  ])
  await pool.fill()
  const answers = await Promise.all(['a', 'b', 'c'].map((input) => pool.evaluate(input)))
  expect(answers).toEqual([
    { ok: true, result: 'a' },
    { ok: false, fault: 'engine.trap' },
    { ok: true, result: 'c' },
  ])
  await pool.close()
})

test('workers that end for no known cause are not replaced for ever', async () => {
  const dies: Script = (jobs, end) => {
    end(null, jobs)
  }
  const { pool, started } = poolOf([dies, dies, dies, answerAll, answerAll])
  await pool.fill()
  expect(await pool.evaluate('a')).toEqual({ ok: false, fault: 'engine.trap' })
  expect(await pool.evaluate('b')).toEqual({ ok: true, result: 'b' })
  await settled()
  expect(started()).toBe(5)
  await pool.close()
})

test('a slow one that was over just before its worker was left is evaluated again, and so is what waits for it', async () => {
  const { pool } = poolOf([
    (jobs, _end, slow) => {
      if (jobs[0] !== undefined) slow(jobs[0], jobs)
    },
    answerAll,
  ])
  await pool.fill()
  await settled()
  const answers = ['a', 'b'].map((input) => pool.evaluate(input, 'mallory'))
  expect(await Promise.all(answers)).toEqual(['a', 'b'].map((result) => ({ ok: true, result })))
  await pool.close()
})

test('a slow one whose worker ends for no known cause is evaluated again, and so is what waits for it', async () => {
  const { pool } = poolOf([
    (jobs, end, slow) => {
      if (jobs[0] !== undefined) slow(jobs[0], [])
      setImmediate(() => {
        end(null, jobs)
      })
    },
    answerAll,
    answerAll,
  ])
  await pool.fill()
  await settled()
  const answers = ['a', 'b'].map((input) => pool.evaluate(input, 'mallory'))
  expect(await Promise.all(answers)).toEqual(['a', 'b'].map((result) => ({ ok: true, result })))
  await pool.close()
})

test('what a worker never answers is given up in the end, and told once', async () => {
  let passed = 0
  const now = performance.now.bind(performance)
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => now() + passed)
  const taken: Job[] = []
  const { pool } = poolOf([(jobs) => taken.push(...jobs), answerAll])
  await pool.fill()
  const lost = pool.evaluate('a')
  await settled()
  passed = limits.evaluationLostMilliseconds
  expect(await lost).toEqual(unavailable)
  // Its result comes after all.
  answerAll(taken, nothing, nothing)
  await pool.close()
  clock.mockRestore()
})

test('calls of one turn of the loop travel as one message of at most 64, spread over the workers', async () => {
  const sizes: number[] = []
  const count: Script = (jobs) => {
    sizes.push(jobs.length)
    answerAll(jobs, nothing, nothing)
  }
  const one = poolOf([count])
  await one.pool.fill()
  await Promise.all(Array.from({ length: 40 }, (_, i) => one.pool.evaluate(String(i))))
  expect(sizes.splice(0)).toEqual([40])
  await one.pool.close()
  const two = poolOf([count, count], 2)
  await two.pool.fill()
  await Promise.all(Array.from({ length: 41 }, (_, i) => two.pool.evaluate(String(i))))
  expect(sizes).toEqual([21, 20])
  await two.pool.close()
})
