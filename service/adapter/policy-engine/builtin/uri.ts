/** `uri.*` (v1/topdown/uri.go): URIs as Go's net/url takes them apart. */
import { BuiltinError, RegoObject, type Builtins } from '../rego-value.ts'
import { parseUrl } from './go-url.ts'
import { textOperand } from './operand.ts'

export const uriBuiltins: Builtins = {
  'uri.parse': (_context, text) => partsOf(textOperand(text)),
  'uri.is_valid': (_context, text) => typeof text === 'string' && text !== '' && isUrl(text),
}

function isUrl(text: string): boolean {
  try {
    parseUrl(text)
    return true
  } catch (error) {
    if (error instanceof BuiltinError) return false
    throw error
  }
}

/** Parts that are empty are left out. */
function partsOf(text: string): RegoObject {
  const { scheme, host, path, query, fragment } = parseUrl(text)
  const [, bracketed, bare = '', port = ''] =
    /^(?:\[([^\]]*)\]|(.*?))(?::(\d*))?$/s.exec(host) ?? []
  const parts = {
    scheme,
    // The zone of an address is escaped in a URL (RFC 6874), and Go takes the escape away.
    hostname: bracketed?.replace('%25', '%') ?? bare,
    port,
    path: path.plain,
    raw_path: path.raw === '' ? path.plain : path.raw,
    raw_query: query,
    fragment: fragment.plain,
  }
  return new RegoObject(Object.entries(parts).filter(([, part]) => part !== ''))
}
