/** countersign log replay, on the data of a real service: what was recorded comes out again, and what cannot is counted. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { logCommands } from '../../../scripts/log/commands.ts'
import type { Replayed } from '../../../scripts/log/replay/replay-tally.ts'
import { readKeyFile } from '../../../service/adapter/audit-log/keys/key-file.ts'
import { digestOfSet } from '../../../service/bundle/stored-sets.ts'
import type { DecisionLeaf, EventLeaf } from '../../../service/contract/leaf.ts'
import { digestOfText } from '../../../service/statement/digest.ts'
import { changeTokens } from '../../support/disclosing-segment.ts'
import { runHere } from '../../support/in-process.ts'
import { leafOf, rewrite, saying, tokensIn } from '../../support/segment.ts'
import { createRecordedWorld, type RecordedWorld } from './recorded-world.ts'

let world: RecordedWorld
beforeAll(async () => {
  world = await createRecordedWorld()
})
afterAll(() => {
  world.remove()
})

type Ran = Replayed & { readonly exit: number; readonly text: string }

async function replayed(log: string, ...given: readonly string[]): Promise<Ran> {
  const { exit, text, json } = await runHere(logCommands, ['replay', log, ...given])
  return { exit, text, ...(json as Replayed) }
}

/** A copy of the world in which decisions say something else. */
function changed(changes: (leaf: DecisionLeaf) => object | undefined): string {
  const tenant = world.copy()
  changeTokens(join(tenant, 'log'), (token) => {
    const leaf = leafOf(token)
    const given = leaf.kind === 'decision' ? changes(leaf) : undefined
    return given === undefined ? token : saying(token, given)
  })
  return tenant
}

it('every decision of policy comes out as it was recorded; what policy did not decide is counted apart', async () => {
  const { exit, equal, differ, not_replayed: causes, sets, text } = await replayed(world.tenant)
  expect([exit, equal, differ, causes]).toEqual([0, 3, 0, { not_policy: 1 }])
  expect(sets).toEqual({ [String(world.permit.binding.policy?.digest)]: 3 })
  expect(text).toContain('3 decisions of policy judged again: 3 as recorded, 0 otherwise')
})

it('a tenant whose keys are sealed replays by its passphrase alone, and so does what is exported of it', async () => {
  const tenant = world.copy()
  const passphrase = Buffer.from('correct horse battery staple')
  const file = join(tenant, 'passphrase')
  writeFileSync(file, passphrase, { mode: 0o600 })
  const seal = { use: 'disclosure', passphrase } as const
  await readKeyFile(join(tenant, 'keys/disclosure.jwk'), seal)
  await expect(replayed(tenant)).rejects.toThrow(/is sealed: name the file of its passphrase/u)
  expect(await replayed(tenant, '--passphrase-file', file)).toMatchObject({ exit: 0, equal: 3 })
  const asked = ['--tenant', 'dev', '--disclose', '--passphrase-file', file]
  for (const format of [[], ['--format', 'jsonl']]) {
    const out = join(tenant, `export${format.join('')}.tar`)
    const ran = await runHere(logCommands, ['export', tenant, '--out', out, ...asked, ...format])
    expect(ran.json).toMatchObject({ disclosed: 4 })
  }
})

it('an export with disclosures replays as well, with the bundles that are given beside it', async () => {
  const out = join(world.home, 'export.tar.gz')
  await runHere(logCommands, [
    'export',
    world.tenant,
    '--out',
    out,
    '--disclose',
    '--tenant',
    'dev',
  ])
  const bundles = join(world.tenant, 'bundles')
  expect(await replayed(out, '--bundles', bundles)).toMatchObject({ exit: 0, equal: 3 })
  const without = await replayed(out)
  expect(without).toMatchObject({ exit: 1, equal: 0 })
  expect(without.not_replayed).toEqual({ bundles_missing: 3, not_policy: 1 })
})

it('a period leaves out what was decided before or after it', async () => {
  const { iat } = leafOf(world.permit.token)
  const at = new Date((iat + 3600) * 1000).toISOString()
  expect(await replayed(world.tenant, '--to', at)).toMatchObject({ exit: 0, equal: 3 })
  expect(await replayed(world.tenant, '--from', at)).toMatchObject({ exit: 1, equal: 0 })
})

it('a record that says what the bundles of its day do not is told, member by member', async () => {
  const { permit, deny, hold } = world
  const changes: Readonly<Record<number, (leaf: DecisionLeaf) => object>> = {
    [permit.log.index]: ({ exp, authority }) => ({
      ...{ exp: exp + 1, authority: { ...authority, rules: ['team.mine'] } },
      obligations: [{ id: 'x', type: 'log', properties: {} }],
    }),
    [deny.log.index]: () => ({ effect: 'permit', reasons: [] }),
    [hold.log.index]: (leaf) => ({ hold: { ...leaf.hold, group: 'friends' } }),
  }
  const tenant = changed((leaf) => changes[leaf.index]?.(leaf))
  const { exit, equal, differing, text } = await replayed(tenant)
  const members = differing.map(({ index, differences }) => [
    index,
    differences.map(({ member }) => member),
  ])
  expect([exit, equal]).toEqual([1, 0])
  expect(members).toEqual([
    [permit.log.index, ['exp', 'obligations', 'rules']],
    [deny.log.index, ['effect', 'reasons']],
    [hold.log.index, ['hold']],
  ])
  expect(text).toContain('effect: recorded "permit", now "deny"')
})

describe('what cannot be replayed is counted by its cause, and never taken for equal', () => {
  const causesOf = async (tenant: string): Promise<Replayed['not_replayed']> => {
    const { equal, differ, not_replayed: causes } = await replayed(tenant)
    const { not_policy: notPolicy, ...others } = causes
    expect([equal + differ, notPolicy]).toEqual([3 - (Object.values(others)[0] ?? 0), 1])
    return others
  }
  const inBundles = (tenant: string): readonly string[] =>
    readdirSync(join(tenant, 'bundles'))
      .filter((name) => name.endsWith('.tar.gz'))
      .map((name) => join(tenant, 'bundles', name))

  it('input whose key was erased', async () => {
    const tenant = world.copy()
    const keys = new DatabaseSync(join(tenant, 'disclosures/keys.sqlite'))
    keys.exec("DELETE FROM data_key WHERE subject <> 'nobody'")
    keys.close()
    const erased = await causesOf(tenant)
    expect(Object.keys(erased)).toEqual(['input_erased'])
    expect(erased['input_erased']).toBeGreaterThan(0)
    expect(await replayed(tenant, '--complete')).toMatchObject({ exit: 1 })
  })

  it('input that is not there', async () => {
    const tenant = world.copy()
    rewrite(join(tenant, 'log'), tokensIn(join(tenant, 'log')))
    expect(await causesOf(tenant)).toEqual({ input_not_disclosed: 3 })
  })

  it('input that is not what the leaf commits to', async () => {
    const other = `sha256:${'0'.repeat(64)}`
    const disclosure = { digest: other, subject: 'nobody' }
    const tenant = changed(({ jti }) => {
      if (jti === world.permit.decision_id) return { disclosure }
      return jti === world.deny.decision_id ? { input_digest: other } : undefined
    })
    expect(await causesOf(tenant)).toEqual({ input_altered: 2 })
  })

  it('a set that no activation names', async () => {
    const policy = { revision: 'x', digest: `sha256:${'1'.repeat(64)}` }
    const tenant = changed(() => ({ authority: { rules: [], policy } }))
    expect(await causesOf(tenant)).toEqual({ bundles_unknown: 3 })
  })

  it('a tarball that is gone, and one that is another', async () => {
    const [gone, altered] = [world.copy(), world.copy()]
    rmSync(inBundles(gone)[0] ?? '')
    expect(await causesOf(gone)).toEqual({ bundles_missing: 3 })
    const [file = ''] = inBundles(altered)
    writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.from('x')]))
    expect(await causesOf(altered)).toEqual({ bundles_altered: 3 })
  })

  it('a set of other bundles under the digest of the one that decided', async () => {
    const tenant = world.copy()
    changeTokens(join(tenant, 'log'), (token) => {
      const { kind, event } = leafOf(token) as EventLeaf
      if (kind !== 'bundle_activation') return token
      const [first] = event['bundles'] as readonly object[]
      return saying(token, { event: { ...event, bundles: [first] } })
    })
    expect(Object.keys(await causesOf(tenant))).toEqual([
      expect.stringMatching(/^bundles_(?:altered|refused)$/u),
    ])
  })

  it('a set that can no longer be started', async () => {
    const tenant = world.copy()
    const junk = Buffer.from('no bundle')
    const named = digestOfText(junk)
    const set = digestOfSet([named])
    mkdirSync(join(tenant, 'bundles'), { recursive: true })
    writeFileSync(join(tenant, 'bundles', `${named.slice('sha256:'.length)}.tar.gz`), junk)
    changeTokens(join(tenant, 'log'), (token) => {
      const leaf = leafOf(token)
      if (leaf.kind === 'decision') {
        return saying(token, { authority: { rules: [], policy: { revision: 'x', digest: set } } })
      }
      if (leaf.kind !== 'bundle_activation') return token
      const bundles = [{ name: 'junk', digest: named }]
      return saying(token, { event: { ...leaf.event, digest: set, bundles } })
    })
    expect(await causesOf(tenant)).toEqual({ bundles_refused: 3 })
  })

  it('a leaf that cannot be read', async () => {
    const tenant = world.copy()
    changeTokens(join(tenant, 'log'), (token) =>
      token === world.permit.token ? 'not.a.leaf' : token,
    )
    expect(await causesOf(tenant)).toEqual({ unreadable_leaf: 1 })
  })
})
