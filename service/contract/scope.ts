/** What a credential may be used for. Every route that is not open to all needs exactly one of these. */
import type { Static } from 'typebox'
import { oneOf } from './digest.ts'

export const scopes = [
  /** Ask, and say what was then done. */
  'pdp.evaluate',
  /** Answer what was held for a person. */
  'pdp.approve',
  /** Say by which policy is decided, and see how it decides. */
  'pdp.policy.manage',
  /** Read every record of the tenant. */
  'pdp.audit.read',
  /** Erase what was disclosed about a person. */
  'pdp.audit.erase',
  /** Issue purpose grants, as policy permits; see those that one issued. */
  'pdp.grant.issue',
  /** See and revoke the purpose grants of the tenant. */
  'pdp.grant.manage',
  /** Set and lift stops, end proof sessions. */
  'pdp.stop',
  /** Replace and revoke the keys that sign decisions. */
  'pdp.keys.manage',
] as const

export const Scope = oneOf(scopes)
export type Scope = Static<typeof Scope>

/** What a gateway may do whose registration says nothing else. */
export const usualScopes: readonly Scope[] = ['pdp.evaluate']
