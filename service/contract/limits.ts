/**
 * Every bound on what comes in, what policy may use and what is written, in one table.
 *
 * A limit that is reached is a clear refusal or a denial, never a truncation in silence.
 */
export const limits = {
  /** Bytes of one HTTP request body. */
  bodyBytes: 256 * 1024,
  /** Levels of nesting in a request body, and members in all. */
  jsonDepth: 32,
  jsonMembers: 20_000,
  /** Queries in one batch request. */
  batchQueries: 64,
  /** Bytes of one compact token; of its header; levels and members of its JSON. */
  tokenBytes: 8 * 1024,
  tokenHeaderBytes: 2 * 1024,
  tokenJsonDepth: 16,
  tokenJsonMembers: 256,
  kidCharacters: 256,
  audiences: 8,
  delegationDepth: 8,
  /** Bytes of one certificate (DER); certificates that a peer may send; authorities on a path, and signatures checked to find it. */
  certificateBytes: 16 * 1024,
  peerCertificates: 8,
  pathAuthorities: 5,
  pathSignatures: 32,
  /** Proved tokens of one kind that are remembered. */
  verifiedTokens: 8_192,
  /** Paths of certificates that are remembered. */
  verifiedChains: 1024,
  /** Seconds of clock skew that are forgiven, in both directions. */
  clockSkewSeconds: 30,
  /** The longest lifetimes that we accept, in seconds, whatever the token says. */
  lifetimeSeconds: {
    jwtSvid: 600,
    wit: 24 * 3600,
    possessionProof: 120,
    accessToken: 3600,
    /** A projected token of Kubernetes lives for an hour and a few seconds. */
    platformToken: 3610,
    purposeGrant: 7 * 24 * 3600,
  },
  /** Seconds that a DPoP proof is taken after it was made. */
  dpopSeconds: 60,
  /** Proofs of possession that are remembered until they expire. */
  replayKeys: 500_000,
  /** How far from now a security event may lie, in seconds. */
  securityEventSeconds: 24 * 3600,
  /** Seconds that a nonce of ours stands. */
  nonceSeconds: 60,
  /** Seconds that a proof session stands at most; those of one server that stand at once, and that are remembered after their end. */
  sessionSeconds: 300,
  sessionsPerServer: 64,
  endedSessionsPerServer: 64,
  /** Bytes of one leaf: the entry bundle of C2SP tlog-tiles has a 16-bit length. */
  leafBytes: 65_535,
  /** One policy evaluation: milliseconds, and 64 KiB pages of WebAssembly memory. */
  evaluationMilliseconds: 250,
  evaluationPages: 4096,
  /** Milliseconds after which an evaluation is slow and others no longer wait behind it; an ordinary one takes 0.1. */
  evaluationSlowMilliseconds: 5,
  /** Milliseconds of processor after which its thread stands back behind all others, and serves nobody afterwards. */
  evaluationHeldBackMilliseconds: 50,
  /** How long an evaluation may wait for its turn, in milliseconds, and a worker for its start. */
  evaluationQueueMilliseconds: 5000,
  /** After which an evaluation is given up wherever it is, in milliseconds. */
  evaluationLostMilliseconds: 30_000,
  workerStartMilliseconds: 10_000,
  /** Bytes of the policy input and of the result that is read back. */
  policyInputBytes: 1024 * 1024,
  policyResultBytes: 64 * 1024,
  /** A bundle: bytes compressed and unpacked, files, and how far it may expand. */
  bundleBytes: 32 * 1024 * 1024,
  bundleUnpackedBytes: 128 * 1024 * 1024,
  bundleFiles: 4096,
  bundleRatio: 200,
  /** Bytes of the questions that a bundle asks itself. */
  selfCheckBytes: 1024 * 1024,
  /** Milliseconds that a download of a bundle may take. */
  bundleMilliseconds: 60_000,
  /** Levels of nesting in the data of a bundle. */
  bundleJsonDepth: 128,
  /** Seconds that a policy decides after its sources have last answered; good sets that stay at hand. */
  stalenessSeconds: 24 * 3600,
  keptSets: 10,
  /** How long a start waits for the first word of its sources, in milliseconds. */
  firstOfferMilliseconds: 10_000,
  /** Entries past their review date that readiness names; the rest it counts. */
  reviewNotices: 10,
  /** The longest that an entry of `observe` may be in force, in seconds. */
  observationSeconds: 92 * 24 * 3600,
  /** Queries that wait for a candidate to judge them too, and that it judges at a time. */
  shadowQueue: 256,
  shadowFlying: 32,
  /** Faults of a candidate in a row after which it rests, and for how long, in milliseconds. */
  shadowFaults: 8,
  shadowRestMilliseconds: 30_000,
  /** Codes that a comparison tells apart, and decisions that it names for each. */
  shadowCodes: 512,
  shadowSamples: 5,
  /** Approvals that are remembered at once, of one initiator before they are used, and for how long after their time. */
  approvals: 10_000,
  approvalsPerInitiator: 100,
  endedApprovalSeconds: 24 * 3600,
  /** Questions of servers that are remembered at once, for how many seconds one may be answered, and how many an hour are counted of one server, initiator and kind. */
  askedInputs: 10_000,
  askedInputSeconds: 24 * 3600,
  askedInputsPerHour: 128,
  /** Purpose grants that are remembered at once, bytes of what one gives, and those in one page of a list. */
  grants: 20_000,
  grantBytes: 24 * 1024,
  listedGrants: 100,
  /** Approvals in one page of a list, and those that it looks at. */
  listedApprovals: 100,
  listedApprovalLooks: 1000,
  /** Votes and comments on one approval. */
  approvalVotes: 100,
  /** A query without a workflow id: seconds back that what its initiator did counts, and of one slice of them. */
  inferredSeconds: 1800,
  inferredSliceSeconds: 300,
  /** Of one workflow: decisions that are named for a facet of taint, and servers, and executed capabilities that are remembered. */
  taintCauses: 4,
  workflowServers: 64,
  workflowDone: 64,
  /** Decisions of one workflow that were permitted, and whose outcome is waited for by name. */
  workflowOpen: 64,
  /** How far calls may come from calls. */
  workflowDepth: 8,
  /** How often a query is judged again because its workflow was made worse meanwhile. */
  judgedAgain: 8,
  /** Seconds between two looks for approvals whose time is over. */
  expirySeconds: 5,
  /** Seconds between two looks for what was kept as long as the tenant says. */
  retentionSeconds: 3600,
  /** Entries of the log that one page of a list looks at. */
  listedEntries: 200,
  /** Looks into the index that one page of a filtered list takes. */
  listedLeaps: 4000,
  /** Streams that may follow one log at once, how often each looks for more, and how long one says nothing, in milliseconds. */
  tailStreams: 16,
  tailMilliseconds: 250,
  tailSilenceMilliseconds: 15_000,
  /** Entries that a delivery takes at once, bytes of events in one upload before they are packed, how long a receiver may take, and the longest pause after failures, in milliseconds. */
  deliveredEntries: 200,
  deliveredBytes: 1024 * 1024,
  deliveryMilliseconds: 30_000,
  deliveryReplyBytes: 64 * 1024,
  deliveryRestMilliseconds: 300_000,
  /** Seconds after which a request that nobody was told of shows. */
  untoldSeconds: 60,
  /** A checkpoint is published after so many milliseconds if there is anything new, and after so many entries. */
  publishMilliseconds: 1000,
  publishEntries: 256,
  /** A round of all witnesses, in milliseconds; bytes of an answer; the longest pause after failures; seconds without a quorum. */
  witnessMilliseconds: 3000,
  witnessReplyBytes: 16 * 1024,
  witnessRestMilliseconds: 60_000,
  witnessAgeSeconds: 600,
  /** Seconds between two cosigned checkpoints that are kept for ever. */
  witnessedSeconds: 600,
  /** Seconds for which others may cache the key set, after which a new key signs. */
  announceSeconds: 300,
  /** For a signature of a signer process, and for the process to be there at a start. */
  signerMilliseconds: 10_000,
  /** Days that a decision key lives, before its end at which it is replaced, and at which readiness says so. */
  keyLifetimeDays: 365,
  keyRotateDays: 14,
  keyNoticeDays: 30,
  /** Milliseconds between two looks at what has to be done about keys. */
  keyLookMilliseconds: 1000,
  /** Seconds that a permit stands when policy says nothing else. */
  validSeconds: 60,
  /** One exchange with a provider at which people sign in: milliseconds, bytes; how long its own description counts. */
  signInMilliseconds: 5000,
  signInBytes: 256 * 1024,
  signInSeconds: 3600,
  /** Minutes-old things of the console, in seconds: a sign-in under way, an unused session, any session, a challenge. */
  beginSignInSeconds: 600,
  consoleIdleSeconds: 1800,
  consoleSessionSeconds: 8 * 3600,
  challengeSeconds: 120,
  /** How long ago a person may have signed in who enrols a passkey. */
  freshSignInSeconds: 300,
  /** Sessions, and sign-ins under way, that are remembered at once; passkeys of one account. */
  consoleSessions: 10_000,
  passkeysPerAccount: 10,
  /** A fetched key set: bytes, milliseconds. */
  keySetBytes: 256 * 1024,
  keySetMilliseconds: 3000,
  /** A status list token: bytes as it is served and unpacked, and lists that are remembered. */
  statusListBytes: 2 * 1024 * 1024,
  statusListUnpackedBytes: 1024 * 1024,
  statusLists: 64,
  /** A client id metadata document: bytes, and how many are remembered. */
  agentDocumentBytes: 64 * 1024,
  agentDocuments: 1024,
  /** Seconds that one counts when its server does not say, at least and at most, and between failures. */
  agentDocumentSeconds: 300,
  agentDocumentShortestSeconds: 60,
  agentDocumentLongestSeconds: 3600,
  agentDocumentRestSeconds: 10,
  /** Seconds after which a list is fetched anew, for which one may count at most, and between failures. */
  statusListSeconds: 300,
  statusListLongestSeconds: 3600,
  statusListRestSeconds: 10,
} as const
