/** The folds that the order of a log is decided by. What a later concept folds joins this table. */
import { limits } from '../contract/limits.ts'
import { Approvals, type ApprovalBounds, type SavedApprovals } from '../approval/approvals.ts'
import { Passkeys, type Passkey } from '../approval/passkeys.ts'
import { Grants, type SavedGrants } from '../purpose/grants.ts'
import { erasuresFold } from './erasures.ts'
import type { FoldKind, FoldsOf } from './fold.ts'
import { keysFold } from './key-log.ts'
import { AskedInputs, type SavedInputs } from '../workflow/asked-inputs.ts'
import { orderFold } from './order.ts'
import { pruningsFold } from './prunings.ts'
import { sessionsFold } from './sessions.ts'
import { spentProofsFold } from './spent-proofs.ts'
import { stopsFold } from './stops.ts'

export function approvalsFold(bounds: ApprovalBounds): FoldKind<Approvals> {
  return {
    name: 'approvals',
    version: 5,
    start: (saved) => new Approvals(bounds, saved as SavedApprovals | null),
  }
}

const passkeysFold: FoldKind<Passkeys> = {
  name: 'passkeys',
  version: 1,
  start: (saved) => new Passkeys(saved as readonly Passkey[] | null),
}

const inputsFold: FoldKind<AskedInputs> = {
  name: 'inputs',
  version: 1,
  start: (saved) => new AskedInputs(saved as SavedInputs | null),
}

export function grantsFold(most: number): FoldKind<Grants> {
  return {
    name: 'grants',
    version: 1,
    start: (saved) => new Grants(most, saved as SavedGrants | null),
  }
}

export const logFoldKinds = {
  order: orderFold,
  stops: stopsFold,
  sessions: sessionsFold,
  approvals: approvalsFold(limits),
  passkeys: passkeysFold,
  inputs: inputsFold,
  erasures: erasuresFold,
  grants: grantsFold(limits.grants),
  keys: keysFold,
  prunings: pruningsFold,
  spent: spentProofsFold(limits.replayKeys),
}

export type LogFolds = FoldsOf<typeof logFoldKinds>
