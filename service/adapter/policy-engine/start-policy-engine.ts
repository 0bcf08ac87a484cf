/**
 * Starts the engine of one activation: compiles the module once, loads it into workers, and holds what the
 * module says of itself against what the host supplies. Several engines may live at once.
 */
import type { Activation } from '../../bundle/compose-activation.ts'
import { jsonText } from '../../bundle/json-text.ts'
import { refusal } from '../../bundle/refusal.ts'
import { importedMemory } from '../../bundle/wasm-memory.ts'
import { PdpError } from '../../contract/error-code.ts'
import { limits } from '../../contract/limits.ts'
import type { Registry } from '../../contract/registry.ts'
import type { PolicyEngine } from '../../port/policy-engine.ts'
import { hostBuiltinNames } from './builtin/host-builtins.ts'
import { refusedBuiltins } from './builtin/refused-builtins.ts'
import type { PolicyDescription, PolicyProgram } from './wasm-policy.ts'
import { WorkerPool } from './worker-pool.ts'
import { WorkerThread } from './worker-thread.ts'

export type EngineActivation = Omit<Activation, 'bundles' | 'data'> & {
  readonly registry: Registry
  /** Or its JSON text, UTF-8. */
  readonly data: Activation['data'] | Uint8Array<ArrayBuffer>
}

export type EngineLimits = {
  readonly workers: number
  readonly evaluationMilliseconds: number
  /** Pages of 64 KiB that one instance may have, data included. */
  readonly pages: number
  /** All its threads get what nobody else wants of a processor. */
  readonly isBackground?: boolean
}

/** @throws PdpError `bundle_refused` when the policy cannot be loaded or needs what the host does not have. */
export async function startPolicyEngine(
  activation: EngineActivation,
  engineLimits: EngineLimits,
): Promise<PolicyEngine> {
  const program = await compile(activation, engineLimits.pages)
  const { evaluationMilliseconds, isBackground = false } = engineLimits
  const guard = { milliseconds: evaluationMilliseconds }
  const pool = new WorkerPool({
    ...engineLimits,
    start: async (events, lane) => {
      const { worker, description } = await WorkerThread.start(
        program,
        events,
        lane === 'slow' || isBackground ? guard : null,
      )
      try {
        checkDescription(description, program.entrypoint)
      } catch (error) {
        await worker.stop()
        throw error
      }
      return worker
    },
  })
  try {
    await pool.fill()
  } catch (error) {
    await pool.close()
    throw error instanceof PdpError ? error : cannotStart(error)
  }
  return {
    policy: activation.policy,
    registry: activation.registry,
    authors: activation.authors,
    rawAuthzen: activation.rawAuthzen,
    rules: activation.rules,
    evaluate: (input, asker) => pool.evaluate(input, asker),
    close: () => pool.close(),
  }
}

async function compile(activation: EngineActivation, pages: number): Promise<PolicyProgram> {
  const { minimum } = importedMemory(activation.wasm)
  try {
    return {
      module: await WebAssembly.compile(activation.wasm),
      data: textOf(activation.data).buffer,
      entrypoint: activation.entrypoint,
      initialPages: minimum,
      maximumPages: pages,
      resultBytes: limits.policyResultBytes,
    }
  } catch (error) {
    throw cannotStart(error)
  }
}

function textOf(data: EngineActivation['data']): Uint8Array<ArrayBuffer> {
  return data instanceof Uint8Array ? data : new TextEncoder().encode(jsonText(data))
}

function checkDescription({ builtins, entrypoints }: PolicyDescription, entrypoint: string): void {
  const refused = builtins.filter((name) => refusedBuiltins.has(name))
  if (refused.length > 0) {
    throw refusal(
      'builtin_refused',
      'policy.wasm',
      `the policy calls ${refused.map((name) => `${name} (${refusedBuiltins.get(name) ?? ''})`).join(', ')}: take the call out and build the bundle again`,
    )
  }
  const unknown = builtins.filter((name) => !hostBuiltinNames.has(name))
  if (unknown.length > 0) {
    throw refusal(
      'builtin_unknown',
      'policy.wasm',
      `the policy calls ${unknown.join(', ')}, which this host does not supply: build it with --capabilities bundles/capabilities.json`,
    )
  }
  if (!entrypoints.includes(entrypoint)) {
    throw refusal(
      'entrypoint',
      'policy.wasm',
      `the module has no entrypoint ${entrypoint}: build it with -e ${entrypoint}`,
    )
  }
}

/** The SDK throws strings and objects, too. */
function cannotStart(cause: unknown): PdpError {
  const said = cause instanceof Error ? cause.message : String(cause)
  return refusal(
    'policy_start',
    'policy.wasm',
    `the policy cannot be loaded (${said}): build the bundle again, or raise the memory limit`,
    cause,
  )
}
