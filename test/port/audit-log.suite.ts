/** What any audit log promises, whatever it is made of. Each adapter runs all of it. */
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { DecisionLeaf } from '../../service/contract/leaf.ts'
import { limits } from '../../service/contract/limits.ts'
import type { DecisionFilter, Draft, Recorded } from '../../service/port/audit-log.ts'
import { sampleEvent } from '../../scripts/sample-draft.ts'
import { naiveRoot } from '../audit/naive-tree.ts'
import {
  asRequest,
  classedDisclosure,
  draft,
  endClass,
  erase,
  now,
  oversized,
  payloadDigest,
  verified,
  type LogHarness,
  type TestedLog,
} from './audit-log-drafts.ts'

/** @param survives whether entries outlive the process; if not, the promises about crashes are not made. */
export function auditLogSuite(name: string, survives: boolean, harness: () => LogHarness): void {
  describe(`the audit log (${name})`, () => {
    let logs: LogHarness
    let log: TestedLog

    beforeEach(async () => {
      logs = harness()
      log = await logs.open()
    })

    afterEach(async () => {
      await log.close()
      await logs.clean()
    })

    const append = (id: string, options?: Parameters<typeof draft>[1]): Promise<Recorded> =>
      log.append(draft(id, options), null)

    it('gives back an entry as it was acknowledged', async () => {
      const recorded = await append('dec_1')
      expect(await log.find('dec_1')).toEqual(recorded)
      expect(recorded.disclosed).toEqual(draft('dec_1').disclosure?.value)
      expect(log.size()).toBe(1)
      expect(log.failure()).toBeNull()
    })

    it('gives entries back in order, a part at a time, and none past its end', async () => {
      const recorded = await Promise.all(Array.from({ length: 50 }, (_, i) => append(`dec_${i}`)))
      expect(await log.entries(0, 100)).toEqual(recorded)
      expect(await log.entries(7, 3)).toEqual(recorded.slice(7, 10))
      expect(await log.entries(48, 10)).toEqual(recorded.slice(48))
      expect(await log.entries(50, 10)).toEqual([])
      expect(await log.entries(1000, 10)).toEqual([])
    })

    it('selects decisions by what their leaves say, and by all that is asked', async () => {
      for (let i = 0; i < 30; i += 1) {
        const base = draft(`dec_${i}`, { workflow: `wf_${i % 3}`, subject: `s_${i % 5}` })
        const effect = i % 2 === 0 ? 'deny' : 'permit'
        const reasons = [{ code: i % 2 === 0 ? 'no' : 'yes' }, { code: 'all' }]
        await log.append({ ...base, claims: { ...base.claims, effect, reasons } } as Draft, null)
        await log.append(sampleEvent(`evt_${i}`, 'wf_1', now), null)
      }
      const found = async (filter: DecisionFilter, from = 0, to = 60): Promise<unknown> => {
        const { decisions, next } = await log.select(filter, from, to)
        for (const one of decisions) expect(await log.find(one.leaf.jti)).toEqual(one)
        return [decisions.map(({ leaf }) => leaf.jti), next]
      }
      const ids = (...numbers: number[]): unknown => [numbers.map((i) => `dec_${i}`), null]
      expect(await found({ effect: 'deny', workflow: 'wf_1' })).toEqual(ids(4, 10, 16, 22, 28))
      expect(await found({ code: 'yes', initiator: 's_3' })).toEqual(ids(3, 13, 23))
      expect(await found({ code: 'all', initiator: 's_3' }, 7, 36)).toEqual(ids(8, 13))
      expect(await found({ code: 'yes', effect: 'deny' })).toEqual(ids())
      expect(await found({ purpose: 'incident.restore', capability: 'tool:deploy' }, 54)).toEqual(
        ids(27, 28, 29),
      )
      expect(await found({ server: 'none' })).toEqual(ids())
    })

    it('knows no entry that was never appended', async () => {
      expect(await log.find('dec_none')).toBeNull()
    })

    it('numbers concurrent entries without a gap, in the order of the calls', async () => {
      const recorded = await Promise.all(Array.from({ length: 100 }, (_, i) => append(`dec_${i}`)))
      expect(recorded.map(({ leaf }) => leaf.index)).toEqual(recorded.map((_, i) => i))
      expect(recorded.map(({ leaf }) => leaf.jti)).toEqual(recorded.map((_, i) => `dec_${i}`))
      expect(log.size()).toBe(100)
    })

    it('acknowledges in the order of the log', async () => {
      const acknowledged: number[] = []
      await Promise.all(
        Array.from({ length: 100 }, async (_, i) => {
          acknowledged.push((await append(`dec_${i}`)).leaf.index)
        }),
      )
      expect(acknowledged).toEqual([...acknowledged].sort((a, b) => a - b))
    })

    it('links each leaf to the payload before it in its workflow', async () => {
      const workflows = ['wf_a', 'wf_b', 'wf_c']
      const recorded = await Promise.all(
        Array.from({ length: 30 }, (_, i) =>
          append(`dec_${i}`, { workflow: workflows[i % 3] ?? '' }),
        ),
      )
      for (const workflow of workflows) {
        const chain = recorded.filter(({ leaf }) => leaf.workflow?.id === workflow)
        expect(chain.map(({ leaf }) => leaf.workflow?.seq)).toEqual(chain.map((_, i) => i))
        expect(chain.map(({ leaf }) => leaf.workflow?.prev)).toEqual([
          null,
          ...chain.slice(0, -1).map(({ token }) => payloadDigest(token)),
        ])
      }
    })

    it('leaves an event without a workflow unlinked', async () => {
      const { leaf } = await log.append(sampleEvent('evt_1', null, now), null)
      expect(leaf).toMatchObject({ v: 1, kind: 'start', jti: 'evt_1', index: 0, iss: log.origin })
      expect(leaf).not.toHaveProperty('workflow')
    })

    it('never lets time go back, though the clock does', async () => {
      await append('dec_1', { now: now + 100 })
      const { leaf } = await append('dec_2', { now })
      expect(leaf.iat).toBe(now + 100)
      expect((await append('dec_3', { now: now + 101 })).leaf.iat).toBe(now + 101)
      expect(log.time()).toBe(now + 101)
    })

    it('signs every leaf so that a foreign library verifies it, with exactly the payload it returns', async () => {
      const recorded = await Promise.all(Array.from({ length: 20 }, (_, i) => append(`dec_${i}`)))
      recorded.push(await log.append(sampleEvent('evt_1', 'wf_1', now), null))
      for (const { token, leaf } of recorded) {
        const { payload, protectedHeader } = await verified(log, token)
        expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(leaf)
        expect(protectedHeader['typ']).toBe(leaf.kind === 'decision' ? 'decision+jwt' : 'event+jwt')
      }
    })

    it('hashes leaves and tree as RFC 6962 does', async () => {
      const tokens: string[] = []
      for (let i = 0; i < 20; i += 1) {
        const { token, leafHash } = await append(`dec_${i}`)
        tokens.push(token)
        expect(leafHash).toBe(`sha256:${createHash('sha256').update(`\0${token}`).digest('hex')}`)
        expect(log.root()).toBe(`sha256:${naiveRoot(tokens).toString('hex')}`)
      }
    })

    describe('asked the same again', () => {
      it('appends once for many concurrent equal requests, and gives all the same record', async () => {
        const recorded = await Promise.all(
          Array.from({ length: 20 }, (_, i) =>
            log.append(...asRequest(draft(`dec_${i}`), 'key', 'query')),
          ),
        )
        expect(new Set(recorded.map(({ token }) => token)).size).toBe(1)
        expect(recorded[0]?.leaf.jti).toBe('dec_0')
        expect(log.size()).toBe(1)
      })

      it('gives the stored record later, disclosure included', async () => {
        const first = await log.append(...asRequest(draft('dec_1'), 'key', 'query'))
        await append('dec_2')
        expect(await log.append(...asRequest(draft('dec_3'), 'key', 'query'))).toEqual(first)
        expect(log.size()).toBe(2)
      })

      it('refuses the same key for another query, in flight and later', async () => {
        const first = log.append(...asRequest(draft('dec_1'), 'key', 'query'))
        const other = asRequest(draft('dec_2'), 'key', 'another query')
        await expect(log.append(...other)).rejects.toMatchObject({ code: 'request_id_reused' })
        await first
        await expect(log.append(...other)).rejects.toMatchObject({ code: 'request_id_reused' })
        expect(log.size()).toBe(1)
        expect(await log.find('dec_2')).toBeNull()
      })

      it('decides the same query anew once the record no longer stands, and never another', async () => {
        const { leaf } = await log.append(...asRequest(draft('dec_1'), 'key', 'query'))
        const { exp } = leaf as DecisionLeaf
        const last = asRequest(draft('dec_2', { now: exp - 1 }), 'key', 'query')
        expect((await log.append(...last)).leaf.jti).toBe('dec_1')
        const past = asRequest(draft('dec_3', { now: exp }), 'key', 'query')
        expect((await log.append(...past)).leaf.jti).toBe('dec_3')
        const other = asRequest(draft('dec_4', { now: exp + 60 }), 'key', 'another query')
        await expect(log.append(...other)).rejects.toMatchObject({ code: 'request_id_reused' })
      })

      it.each(['kill_switch', 'kill_switch_lifted', 'revocation'] as const)(
        'decides the same query anew after a %s, in this life and the next',
        async (kind) => {
          await log.append(...asRequest(draft('dec_1'), 'key', 'query'))
          const base = sampleEvent('evt_1', null, now)
          const event = { id: 'evt_0', scope: { kind: 'tenant' }, subject: 's', at: now }
          await log.append({ ...base, claims: { ...base.claims, kind, event } }, null)
          const again = asRequest(draft('dec_2'), 'key', 'query')
          expect((await log.append(...again)).leaf.jti).toBe('dec_2')
          if (!survives) return
          log = await logs.afterCrash()
          const later = asRequest(draft('dec_3'), 'key', 'query')
          expect((await log.append(...later)).leaf.jti).toBe('dec_2')
        },
      )

      it('holds an event to its key for ever', async () => {
        const first = await log.append(
          ...asRequest(sampleEvent('evt_1', 'wf_1', now), 'key', 'outcome'),
        )
        const years = now + 100_000_000
        const again = await log.append(
          ...asRequest(sampleEvent('evt_2', 'wf_1', years), 'key', 'outcome'),
        )
        expect(again).toEqual(first)
        await expect(
          log.append(...asRequest(sampleEvent('evt_3', 'wf_1', years), 'key', 'another outcome')),
        ).rejects.toMatchObject({ code: 'request_id_reused' })
      })

      it('refuses a draft that does not carry the key it is checked by', async () => {
        const [, preconditions] = asRequest(draft('dec_1'), 'key', 'query')
        await expect(log.append(draft('dec_1'), preconditions)).rejects.toMatchObject({
          code: 'internal',
        })
        expect(log.size()).toBe(0)
      })
    })

    describe('what is disclosed', () => {
      it('is tied to the leaf by a digest that differs for equal values', async () => {
        const [one, two] = [
          (await append('dec_1')).leaf,
          (await append('dec_2')).leaf,
        ] as DecisionLeaf[]
        expect(one?.disclosure.digest).toMatch(/^sha256:[0-9a-f]{64}$/u)
        expect(one?.disclosure.digest).not.toBe(two?.disclosure.digest)
      })

      it('is tied to an event too', async () => {
        const event = sampleEvent('evt_1', null, now)
        const recorded = await log.append(
          { ...event, disclosure: { subject: 's', value: { a: 1 } } },
          null,
        )
        expect(recorded.leaf).toMatchObject({ event: { disclosure: { subject: 's' } } })
        expect(await log.find('evt_1')).toEqual(recorded)
      })

      it('is gone for an erased subject and for nobody else; the leaves still verify', async () => {
        await append('dec_1', { subject: 'one' })
        const kept = await append('dec_2', { subject: 'two' })
        expect(log.holdsAbout('one')).toBe(true)
        await erase(log, 'one')
        expect(log.holdsAbout('one')).toBe(false)
        const erased = await log.find('dec_1')
        expect(erased?.disclosed).toBeNull()
        await verified(log, erased?.token ?? '')
        expect(await log.find('dec_2')).toEqual(kept)
        expect(log.holdsAbout('nobody')).toBe(false)
      })

      it('begins anew for a subject that was erased', async () => {
        await append('dec_1', { subject: 'one' })
        await erase(log, 'one')
        const later = await append('dec_2', { subject: 'one' })
        expect(await log.find('dec_2')).toEqual(later)
        expect((await log.find('dec_1'))?.disclosed).toBeNull()
      })

      it('ends by class and time, and nothing else of it does; the leaves still verify', async () => {
        const day = 86_400
        const of = (id: string, at: number): Promise<unknown> =>
          log.append({ ...draft(id, { now: at }), disclosure: classedDisclosure }, null)
        await of('dec_1', now)
        await of('dec_2', now + 3 * day)
        expect([...log.classesHeld()].sort()).toEqual(['arguments', 'other'])
        expect(log.holdsBefore('arguments', now)).toBe(false)
        expect(log.holdsBefore('arguments', now + 2 * day)).toBe(true)
        await endClass(log, 'arguments', now + 2 * day)
        expect(log.holdsBefore('arguments', now + 2 * day)).toBe(false)
        const [older, newer] = [await log.find('dec_1'), await log.find('dec_2')]
        // The reasons quote what was asked, and go with it.
        expect(older).toMatchObject({
          ended: ['arguments'],
          disclosed: { input: { now: 1, question: { name: 'deploy' } } },
        })
        expect(JSON.stringify(older?.disclosed)).not.toContain('prod')
        expect(newer).toMatchObject({ ended: [], disclosed: classedDisclosure.value })
        await verified(log, older?.token ?? '')
        await erase(log, 'one')
        expect(await log.find('dec_1')).toMatchObject({ disclosed: null })
      })

      it('that JSON cannot carry is refused, alone, and the order does not move', async () => {
        const broken = { ...draft('dec_1'), disclosure: { subject: 's', value: 1n } }
        await expect(log.append(broken, null)).rejects.toMatchObject({ code: 'audit_unavailable' })
        expect((await append('dec_2')).leaf).toMatchObject({ index: 0, workflow: { seq: 0 } })
      })
    })

    it('refuses a leaf that is too large, alone, and the order does not move', async () => {
      const large = oversized(draft('dec_1'), 50_000)
      await expect(log.append(large, null)).rejects.toMatchObject({ code: 'audit_unavailable' })
      expect(log.failure()).toBeNull()
      expect((await append('dec_2')).leaf).toMatchObject({ index: 0, workflow: { seq: 0 } })
    })

    it('takes leaves up to the size of an entry, in bytes and not in characters', async () => {
      const largestOf = async (id: string, from: number, character: string): Promise<number> => {
        for (let characters = from; ; characters -= 40) {
          const large = oversized(draft(id), characters, character)
          const taken = await log.append(large, null).catch(() => null)
          if (taken !== null) return taken.token.length
        }
      }
      for (const size of [
        await largestOf('dec_1', 48_000, 'a'),
        await largestOf('dec_2', 24_000, 'é'),
      ]) {
        expect(size).toBeGreaterThan(65_000)
        expect(size).toBeLessThanOrEqual(limits.leafBytes)
      }
    })

    it('takes nothing more when it is closed', async () => {
      await append('dec_1')
      await log.close()
      await expect(append('dec_2')).rejects.toMatchObject({ code: 'audit_unavailable' })
      await log.close()
    })

    if (!survives) return
    describe('after a crash', () => {
      async function crash(): Promise<void> {
        const recovered = await logs.afterCrash()
        await log.close()
        log = recovered
      }

      it('has every entry that was acknowledged, exactly as it was', async () => {
        const recorded = await Promise.all(Array.from({ length: 50 }, (_, i) => append(`dec_${i}`)))
        const root = log.root()
        await crash()
        expect(log.size()).toBe(50)
        expect(log.root()).toBe(root)
        for (const entry of recorded) expect(await log.find(entry.leaf.jti)).toEqual(entry)
      })

      it('goes on with index, time and workflow where it was', async () => {
        const before = await append('dec_1', { now: now + 50 })
        await crash()
        const { leaf } = await append('dec_2')
        expect(leaf).toMatchObject({
          index: 1,
          iat: now + 50,
          workflow: { id: 'wf_1', seq: 1, prev: payloadDigest(before.token) },
        })
      })

      it('still knows the requests that it answered', async () => {
        const decision = await log.append(...asRequest(draft('dec_1'), 'key', 'query'))
        const event = await log.append(
          ...asRequest(sampleEvent('evt_1', null, now), 'event', 'outcome'),
        )
        await crash()
        expect(await log.append(...asRequest(draft('dec_2'), 'key', 'query'))).toEqual(decision)
        expect(
          await log.append(...asRequest(sampleEvent('evt_2', null, now), 'event', 'outcome')),
        ).toEqual(event)
        await expect(
          log.append(...asRequest(draft('dec_3'), 'key', 'other')),
        ).rejects.toMatchObject({
          code: 'request_id_reused',
        })
        expect(log.size()).toBe(2)
      })

      it('has not brought back a class that has ended', async () => {
        await log.append({ ...draft('dec_1'), disclosure: classedDisclosure }, null)
        await endClass(log, 'arguments', now + 2 * 86_400)
        await crash()
        expect(await log.find('dec_1')).toMatchObject({ ended: ['arguments'] })
      })

      it('has not brought back what was erased', async () => {
        await append('dec_1', { subject: 'one' })
        await erase(log, 'one')
        await crash()
        expect((await log.find('dec_1'))?.disclosed).toBeNull()
      })

      it('verifies old and new entries with the keys it publishes', async () => {
        await append('dec_1')
        await crash()
        await append('dec_2')
        for (const id of ['dec_1', 'dec_2']) await verified(log, (await log.find(id))?.token ?? '')
      })
    })
  })
}
