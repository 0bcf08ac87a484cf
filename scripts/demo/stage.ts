/** Sets the stage: three real MCP servers, the PDP, a gateway before each server; and clears it away. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadDevelopmentKeys } from '../../service/adapter/development/development-keys.ts'
import { writeBundles } from '../bundles/registry-directory.ts'
import { connectLegacy, connectModern, type McpClient } from './clients.ts'
import { createCredentials, type Credentials } from './credentials.ts'
import { createVerifier } from './evidence.ts'
import type { Listener } from './listen.ts'
import { freePort, startPdp } from './pdp-process.ts'
import type { Asked } from './pep/ask.ts'
import { startGateway } from './pep/gateway.ts'
import { createPdpClient } from './pep/pdp-client.ts'
import { composeRegistry, countPinned, type ToolLists } from './registry.ts'
import { servers, type Cast, type ServerId } from './scene.ts'
import { startEverything } from './servers/everything.ts'
import type { Journal } from './servers/journal.ts'
import { startLegacy } from './servers/legacy.ts'
import { startOps } from './servers/ops.ts'
import { createTimeline, type Timeline } from './timeline.ts'

export type Stage = {
  readonly timeline: Timeline
  readonly cast: Cast
  /** What the servers of our own really ran. */
  readonly journal: Journal
  readonly pdpUrl: string
  /** The gateway's credential for the PDP. */
  readonly credential: () => Promise<string>
  readonly killPdp: () => Promise<void>
  readonly restart: () => Promise<void>
  /** Resolves when the gateways have had this many more decisions. */
  readonly watch: (decisions: number) => Promise<void>
  readonly close: () => Promise<void>
}

const connect = { ops: connectModern, everything: connectLegacy, legacy: connectLegacy }

type Listeners = Readonly<Record<ServerId, Listener>>

export async function setStage(print: (line: string) => void): Promise<Stage> {
  const directory = temporaryDirectory()
  const journal: Journal = []
  const behind: Listeners = {
    ops: await startOps(journal),
    everything: await startEverything(),
    legacy: await startLegacy(journal),
  }
  const lists = await listTools(behind)
  const registry = composeRegistry(lists)
  for (const id of servers) {
    const [pinned, all] = [countPinned(registry, id, lists[id]), lists[id].length].map(String)
    print(`${id}: ${pinned} of its ${all} tools are registered, and pinned as it lists them now`)
  }
  const place = {
    port: await freePort(),
    data: join(directory, 'data'),
    bundles: join(directory, 'bundles'),
  }
  writeBundles(place.bundles, registry)
  const credentials = createCredentials(await loadDevelopmentKeys(place.data), registry)
  let pdp = await startPdp(place)
  const timeline = createTimeline(createVerifier(pdp.url), print)
  const { observe, watch } = createWatch(timeline.observe)
  const gateways = await startGateways(behind, pdp.url, credentials, observe)
  const { cast, close } = castOf(gateways, credentials)
  return {
    ...{ timeline, cast, journal, watch, pdpUrl: pdp.url, credential: credentials.gateway },
    killPdp: () => pdp.kill(),
    restart: async () => {
      pdp = await startPdp(place)
    },
    close: async () => {
      await close()
      for (const id of servers) await gateways[id].close()
      for (const id of servers) await behind[id].close()
      await pdp.kill()
    },
  }
}

/** It goes when this process does. */
function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-demo-'))
  process.once('exit', () => {
    rmSync(directory, { recursive: true, force: true })
  })
  return directory
}

/** The reviewer's look at the servers, before anyone uses them. */
async function listTools(behind: Listeners): Promise<ToolLists> {
  const entries = servers.map(async (id) => {
    const client = await connect[id](behind[id].url, {})
    const tools = await client.listTools()
    await client.close()
    return [id, tools] as const
  })
  return Object.fromEntries(await Promise.all(entries)) as ToolLists
}

async function startGateways(
  behind: Listeners,
  pdpUrl: string,
  credentials: Credentials,
  observe: (asked: Asked) => void,
): Promise<Listeners> {
  const pdp = createPdpClient({ url: pdpUrl, credential: credentials.gateway, milliseconds: 3000 })
  const entries = servers.map(async (id) => {
    const served = { id, url: behind[id].url, proof: () => credentials.serverProof(id) }
    return [id, await startGateway({ served, pdp, observe })] as const
  })
  return Object.fromEntries(await Promise.all(entries)) as Listeners
}

function castOf(
  gateways: Listeners,
  credentials: Credentials,
): { readonly cast: Cast; readonly close: () => Promise<void> } {
  const clients = new Map<ServerId, McpClient>()
  return {
    cast: {
      connect: async (id) => {
        clients.set(id, await connect[id](gateways[id].url, await credentials.agentHeaders(id)))
      },
      client: (id) => {
        const client = clients.get(id)
        if (client === undefined) throw new Error(`No client is connected to ${id}.`)
        return client
      },
    },
    close: async () => {
      for (const client of clients.values()) await client.close().catch(() => undefined)
    },
  }
}

function createWatch(observe: (asked: Asked) => void): {
  readonly observe: (asked: Asked) => void
  readonly watch: (decisions: number) => Promise<void>
} {
  let left = 0
  let reached: () => void = () => undefined
  return {
    observe: (asked) => {
      observe(asked)
      left -= 1
      if (left === 0) reached()
    },
    watch: (decisions) => {
      const { promise, resolve } = Promise.withResolvers<undefined>()
      left = decisions
      reached = () => {
        resolve(undefined)
      }
      return promise
    },
  }
}
