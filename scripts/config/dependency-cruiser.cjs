// The direction of imports. Pure concepts know only the contract and the statement; ports are typed by
// them; flows put ports in order; adapters and HTTP stand at the rim and meet only in main.ts.

const concepts = 'identity|purpose|workflow|approval|decision|statement|audit|bundle'

/** What each folder of service/ may import of service/, itself apart. */
const mayImport = {
  contract: '',
  statement: 'contract',
  'identity|workflow|approval|bundle': 'contract|statement',
  // The sequencer asks the folds whether what a draft stands on still holds.
  audit: 'contract|statement|approval|workflow|purpose',
  // A purpose grant is a token, read by the same strict profiles.
  purpose: 'contract|statement|identity',
  decision: `contract|${concepts}`,
  port: `contract|${concepts}`,
  flow: `contract|${concepts}|port`,
  telemetry: `contract|${concepts}|port|flow`,
  http: `contract|${concepts}|port|flow`,
}

/** Of the log: how its files are laid out and what its hashes are; not the order, nor what is written when. */
const arithmetic =
  'checkpoint|cosignature|entry-bundle|frame|merkle|note-key|scan|signed-note|subtree|tile|tile-hashes|witness-policy'

const directions = Object.entries(mayImport).map(([folder, allowed]) => ({
  name: `direction-of-${folder.split('|').length > 1 ? 'concepts' : folder}`,
  severity: 'error',
  from: { path: `^service/(${folder})/` },
  to: { path: '^service/', pathNot: allowed === '' ? '^service/$1/' : `^service/($1|${allowed})/` },
}))

const npm = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown']

module.exports = {
  forbidden: [
    ...directions,
    {
      name: 'direction-of-adapter',
      comment:
        'An adapter answers one port: it knows neither HTTP, nor flows, nor another adapter; what several fetch by is in outbound/, what they write by in durable/.',
      severity: 'error',
      from: { path: '^service/adapter/([^/]+)/' },
      to: {
        path: '^service/',
        pathNot: [
          '^service/adapter/($1|outbound|durable)/',
          `^service/(contract|${concepts}|port)/`,
        ],
      },
    },
    {
      name: 'direction-of-config',
      severity: 'error',
      from: { path: '^service/config\\.ts$' },
      to: { path: '^service/', pathNot: `^service/(contract|${concepts})/` },
    },
    {
      name: 'wiring-is-the-top',
      comment: 'The files straight under service/ wire the rest; nothing below them knows them.',
      severity: 'error',
      from: { path: '^service/[^/]+/' },
      to: { path: '^service/[^/]+\\.ts$' },
    },
    {
      name: 'service-stands-alone',
      severity: 'error',
      from: { path: '^service/' },
      to: { path: '^(scripts|test)/' },
    },
    {
      name: 'no-development-package-in-service',
      severity: 'error',
      from: { path: '^service/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'] },
    },
    {
      name: 'pure-without-packages',
      comment: 'The contract alone may use typebox and ajv; a flow may bound a cache.',
      severity: 'error',
      from: { path: `^service/(contract|${concepts}|port|flow)/` },
      to: { dependencyTypes: npm, pathNot: '^node_modules/(typebox|ajv|lru-cache)/' },
    },
    {
      name: 'schemas-only-in-contract',
      severity: 'error',
      from: { path: `^service/(${concepts}|port|flow)/` },
      to: { path: '^node_modules/(typebox|ajv)/' },
    },
    {
      name: 'caches-only-in-flow',
      severity: 'error',
      from: { path: `^service/(contract|${concepts}|port)/` },
      to: { path: '^node_modules/lru-cache/' },
    },
    {
      name: 'pure-without-built-ins',
      comment: 'statement/digest.ts is the one place that hashes.',
      severity: 'error',
      from: {
        path: `^service/(contract|${concepts}|port|flow)/`,
        pathNot: '^service/statement/digest\\.ts$',
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'digest-hashes-only',
      severity: 'error',
      from: { path: '^service/statement/digest\\.ts$' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'auditor-shares-arithmetic-only',
      comment:
        'What an auditor runs has no code in common with whoever wrote the log, but messages and pure arithmetic.',
      severity: 'error',
      from: { path: '^scripts/log/(read|reconstruct|verify)/' },
      to: {
        path: '^service/',
        reachable: true,
        pathNot: [
          '^service/(contract|statement)/',
          `^service/audit/(${arithmetic})\\.ts$`,
          '^service/bundle/(tar-header|refusal)\\.ts$',
        ],
      },
    },
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      mainFields: ['module', 'main'],
    },
  },
}
