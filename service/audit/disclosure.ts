/**
 * What lies encrypted beside a leaf, and the digest that ties it to the leaf.
 *
 * The salt is inside what is encrypted: a digest of a value that can be guessed hides nothing, and once
 * the key is erased the digest says nothing about the value.
 */
import type { Digest } from '../contract/digest.ts'
import { digestOfJson } from '../statement/digest.ts'
import { fieldsDigest } from './disclosed-fields.ts'
import type { Draft } from './draft.ts'

type Disclosure = NonNullable<Draft['disclosure']>

export type ComposedDisclosure = {
  /** The JSON text that is encrypted. */
  readonly text: string
  readonly digest: Digest
}

/** @throws TypeError for a value that JSON cannot carry. */
export function composeDisclosure(salt: string, { value, text }: Disclosure): ComposedDisclosure {
  const stored = text ?? JSON.stringify(value ?? null)
  return {
    text: `{"v":2,"salt":${JSON.stringify(salt)},"value":${stored}}`,
    digest: fieldsDigest(salt, value ?? null),
  }
}

type Stored = { readonly v?: 2; readonly salt: string; readonly value: unknown }

/** Null when it is not what has that digest. */
export function openedDisclosure(text: string, digest: Digest | null): { value: unknown } | null {
  const { v, salt, value } = JSON.parse(text) as Stored
  // The first version had one digest, over the text as it is stored.
  const found = v === 2 ? fieldsDigest(salt, value) : digestOfJson('disclosure', text)
  return found === digest ? { value } : null
}

/** The digest that a leaf gives for its disclosure; null when it has none. */
export function digestInLeaf(leaf: object): Digest | null {
  const { disclosure, event } = leaf as {
    readonly disclosure?: { readonly digest: Digest }
    readonly event?: { readonly disclosure?: { readonly digest: Digest } }
  }
  return disclosure?.digest ?? event?.disclosure?.digest ?? null
}
