/** A request that asks one thing: its decision uses up the proof of its caller, and so does a refusal of it. */
import { spendProofs } from '../flow/spend-proofs.ts'
import type { Caller } from './authenticate-pep.ts'

/** @throws what `act` throws, or PdpError as `spendProofs`. */
export async function usingUp<T>({ pep, tenant }: Caller, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    await spendProofs(pep, tenant)
    throw error
  }
}
