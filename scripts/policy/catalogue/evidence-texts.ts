// What can be wrong with a piece of evidence, whichever slot of the query it stands in.

import type { EvidenceFailure } from '../../../service/contract/reason-code.ts'
import type { Text } from './text.ts'

const ask = 'Send a token as its issuer gave it'

export const evidenceTexts: Readonly<Record<EvidenceFailure, Text>> = {
  malformed: ['It is no compact JWS with a JSON header and claims.', `${ask}.`],
  too_large: ['It is larger than a token may be.', 'Have the issuer leave claims out.'],
  wrong_type: [
    'Its `typ` is not that of this slot.',
    'Send the kind of token that the slot is for.',
  ],
  alg_refused: [
    'Its algorithm is not configured for the issuer, or is never accepted.',
    'Configure the algorithm that the issuer signs with.',
  ],
  header_refused: [
    'Its header names keys, critical extensions or encodings.',
    'Have the issuer leave `jwk`, `jku`, `x5c`, `crit` and `b64` out.',
  ],
  kid_missing: ['Its header names no key.', 'Have the issuer write `kid`.'],
  issuer_unknown: [
    'Its issuer is not configured for the tenant and this slot.',
    'Configure the issuer, or send a token of one that is.',
  ],
  issuer_scope: [
    'Its issuer vouches for others too, and its claims are not those that the tenant demands.',
    'Have the workload that is meant ask for it, or correct the `claims` of the issuer.',
  ],
  untrusted_domain: [
    'Its trust domain is not configured for the tenant.',
    'Configure the trust domain with its bundle.',
  ],
  untrusted_domain_key: [
    'Its certificate does not lead to an authority of its trust domain.',
    'Send the authorities in between along, or add the root to the bundle of that very trust domain.',
  ],
  keys_unavailable: [
    'The keys of its issuer cannot be had.',
    "Restore the issuer's key set, or give it as a file.",
  ],
  key_not_found: [
    'The issuer has no key of that name.',
    'Have the issuer publish the key before it signs with it.',
  ],
  bad_signature: ['Its signature does not verify.', `${ask}, unchanged.`],
  duplicate_member: ['A member of its header or claims stands twice.', `${ask}.`],
  bad_claim: [
    'A claim is missing or has the wrong type.',
    'Have the issuer write the claims of the profile.',
  ],
  bad_identifier: [
    'An identifier in it is not well-formed.',
    'Write a whole SPIFFE id, as its specification has it.',
  ],
  audience: [
    'It is for another audience.',
    'Ask for a token whose audience is the one of this slot.',
  ],
  audience_many: ['It is for several audiences.', 'Ask for a token for one audience.'],
  expired: ['It has expired.', 'Send a fresh one.'],
  not_yet_valid: ['It is not valid yet.', "Set the issuer's clock."],
  lifetime: ['It lives longer than such a token may.', 'Have the issuer shorten its lifetime.'],
  chain_too_deep: [
    'Its delegation chain is longer than it may be.',
    'Act with fewer agents between.',
  ],
  chain_loop: [
    'An actor stands twice in its delegation chain.',
    'Have the issuer refuse such an exchange.',
  ],
  chain_issuer: [
    'An actor in its chain is of an issuer that is not configured.',
    'Configure the issuer of the actor.',
  ],
  chain_not_allowed: [
    'An actor in its chain is not the one that `may_act` names.',
    'Have the party act that the token allows, or the issuer allow this one.',
  ],
  id_token: ['It is an ID token.', 'Send the access token.'],
  subject_is_pep: [
    'Its subject is the gateway itself.',
    "Send the initiator's token, not the gateway's.",
  ],
  pop_missing: [
    'It is bound to a key, and possession is not proven.',
    'Send the proof of possession with it.',
  ],
  pop_unexpected: [
    'A proof of possession came with a token that is bound to no key.',
    'Send the token alone, or one that is bound to the key.',
  ],
  pop_key: [
    'The proof is by another key than the token is bound to.',
    'Sign the proof with the key of the token.',
  ],
  pop_target: ['The proof is for another request.', 'Make a proof for this very request.'],
  bad_cnf: [
    'The `cnf` claim names no key that can be used.',
    'Have the issuer bind the token to one public key.',
  ],
  alg_mismatch: [
    'The proof is signed by another algorithm than the token says.',
    'Sign the proof with the algorithm of the token.',
  ],
  wth: ['The proof is not for this workload token.', 'Put the digest of the token into `wth`.'],
  ath: ['The proof is not for this access token.', 'Put the digest of the token into `ath`.'],
  tth: ['The proof is not for this transaction token.', 'Put the digest of the token into `tth`.'],
  oth: [
    'The proof is not for another token that it names.',
    'Put the digests of the tokens that are sent into `oth`.',
  ],
  nonce: [
    'The proof lacks the nonce that was given, or has an old one.',
    'Ask for a nonce, and put it into the proof.',
  ],
  request_digest: [
    'The proof is for other content than the query.',
    'Make the proof over this very query.',
  ],
  certificate_missing: [
    'It is bound to a certificate, and the connection showed none.',
    'Connect by mTLS with the certificate that the token was issued for.',
  ],
  certificate_mismatch: [
    'It is bound to another certificate than the one that was shown.',
    'Use the certificate that the token was issued for, or ask for a token with the new one.',
  ],
  certificate_profile: [
    'A certificate is not one for its place: an authority that speaks for itself, or a leaf that issues.',
    'Issue leaves with digitalSignature alone, and authorities with CA and keyCertSign.',
  ],
  certificate_constraint: [
    'A certificate is outside the name constraints of an authority, or has a critical extension that is not known here.',
    'Issue it within the constraints, and without the extension.',
  ],
  path_too_long: [
    'The path to the authority is longer than is allowed.',
    'Issue with fewer authorities in between, or correct the path length.',
  ],
  path_broken: [
    'The certificates are not one path in order: one was not issued by the next.',
    'Send the path that was verified, the leaf first, and nothing else.',
  ],
  certificate_name: [
    'The certificate is not for the name that the gateway says it verified.',
    'Have the gateway verify the name, and send it as it stands in the registry.',
  ],
  pin_missing: [
    'A gateway says what its TLS showed, and the registry does not know this server by that.',
    'Register name and keys in `workload.tls` of the server, or send the proof that it is registered by.',
  ],
  pin_name: [
    'The gateway reached another name than the one that is registered.',
    'Connect to the registered name, or correct `workload.tls.name`.',
  ],
  pin_key: [
    'No key on the path is one that is registered for the server.',
    'Find out why; if the server has a new key or authority, add its digest to `workload.tls.keys`.',
  ],
  replay: ['The proof was used before.', 'Make a new proof for each query.'],
  replay_store_full: [
    'More proofs are remembered than there is room for.',
    'Ask again later, or at a lower rate.',
  ],
  revoked: ['It was revoked.', 'Have the issuer give a new one, if that is right.'],
  suspended: ['Its issuer has suspended it.', 'Ask the issuer to lift that, or use another.'],
  status_unavailable: [
    'Its status list is not to be had, is not valid, or may not lie where the token says.',
    'Restore the list, or name its origin in `status` of the issuer.',
  ],
  proof_many: ['Several proofs stand where one must.', 'Send exactly one kind of proof.'],
  session_unknown: [
    'The handle is of no proof session of this server that was opened for this gateway.',
    'Quote the handle that the server was given for you, or have it open another session.',
  ],
  session_ended: [
    'The proof session was ended: by an operator, or by a stop of the server, the gateway or the tenant.',
    'Ask who ended it, and why; then have the server open another.',
  ],
  agent_unavailable: [
    "The agent's document cannot be had at the URL that is its client id.",
    "Ask the agent's operator; the service log (`document_failed`) says what went wrong.",
  ],
  agent_document: [
    "What lies at the URL that is the agent's client id is no document of that agent.",
    "Ask the agent's operator; the service log (`document_refused`) says what is wrong with it.",
  ],
  claim_mismatch: [
    'What it says differs from what the query or other evidence says.',
    'Send evidence of one and the same party.',
  ],
  server_unknown: ['The registry does not know the server that it is for.', 'Register the server.'],
}
