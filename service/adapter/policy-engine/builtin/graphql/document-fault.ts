/** Why a document is refused, and what turns the library's own refusals into that. */
export class DocumentFault extends Error {
  override readonly name = 'DocumentFault'
}

/** Runs the library: it throws errors of several kinds for documents that it refuses. */
export function asked<T>(act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw new DocumentFault(String(error), { cause: error })
  }
}

/** @throws DocumentFault */
export function refuseIf(isRefused: boolean, why: string): void {
  if (isRefused) throw new DocumentFault(why)
}
