/**
 * What lies encrypted beside a leaf, and the digest that ties it to the leaf.
 *
 * The salt is inside what is encrypted: a digest of a value that can be guessed hides nothing, and once
 * the key is erased the digest says nothing about the value.
 */
import type { Digest } from '../contract/digest.ts'
import { digestOfJson } from '../statement/digest.ts'
import type { Draft } from './draft.ts'

type Disclosure = NonNullable<Draft['disclosure']>

/** The JSON text that is encrypted. @throws TypeError for a value that JSON cannot carry. */
export function disclosureText(salt: string, { value, text }: Disclosure): string {
  return `{"salt":${JSON.stringify(salt)},"value":${text ?? JSON.stringify(value ?? null)}}`
}

/** Over the text as it is stored; nobody has to derive it a second time. */
export function disclosureDigest(text: string): Digest {
  return digestOfJson('disclosure', text)
}

export function disclosedValue(text: string): unknown {
  return (JSON.parse(text) as { readonly value: unknown }).value
}

/** The digest that a leaf gives for its disclosure; null when it has none. */
export function digestInLeaf(leaf: object): Digest | null {
  const { disclosure, event } = leaf as {
    readonly disclosure?: { readonly digest: Digest }
    readonly event?: { readonly disclosure?: { readonly digest: Digest } }
  }
  return disclosure?.digest ?? event?.disclosure?.digest ?? null
}
