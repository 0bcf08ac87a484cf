/** The stable reason in a refusal of a bundle. */
import { PdpError } from '../../service/contract/error-code.ts'

/** @returns null when nothing was refused. */
export async function reasonOfRejection(act: Promise<unknown>): Promise<string | null> {
  try {
    await act
    return null
  } catch (error) {
    if (error instanceof PdpError && error.code === 'bundle_refused')
      return error.faults[0]?.reason ?? ''
    throw error
  }
}
