/** An image in a registry, as people write it: `host[:port]/repository:tag` or `…@sha256:<digest>`. */
export type OciReference = {
  readonly host: string
  readonly repository: string
  /** A tag, or a digest that pins. */
  readonly reference: string
}

/** Repository and tag as the distribution specification bounds them; the host must stand there. */
const pattern =
  /^(?<host>[a-z0-9.-]+(?::\d+)?|\[[0-9a-f:]+\](?::\d+)?)\/(?<repository>[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)(?::(?<tag>\w[\w.-]{0,127})|@(?<digest>sha256:[0-9a-f]{64}))$/

/** Null when it is not written so. */
export function parseOciReference(text: string): OciReference | null {
  const groups = pattern.exec(text)?.groups
  if (groups === undefined) return null
  const { host = '', repository = '', tag, digest } = groups
  return { host, repository, reference: digest ?? tag ?? '' }
}
