// The one list of real parts that tests and authors need beside npm packages. An entry says what the
// part is and where it comes from; scripts/parts/resolve.ts finds it. Production needs none of them.

/** A program built from a Go tool module of its own, pinned by go.mod and go.sum. Its version is that of `module`. */
interface GoSource {
  readonly kind: 'go'
  /** The folder with go.mod, from the root of the repository. */
  readonly folder: string
  readonly module: string
  /** The program's folder in the module; left out: its root. */
  readonly command?: string
  /** The program is our own, in that folder, and uses the module; left out: it is the module's. */
  readonly own?: true
  /** Build tags. */
  readonly tags?: string
  /** A string variable that the linker sets to the version, where the program does not know its own. */
  readonly versionVariable?: string
}

/** A program of a Debian package. */
interface DebianSource {
  readonly kind: 'debian'
  readonly package: string
}

export interface Part {
  /** The name of the executable; COUNTERSIGN_<NAME> may point to one. */
  readonly name: string
  /** Exact. Left out where any version will do. */
  readonly version?: string
  /** The arguments that make the program print its version; left out: it cannot, and what Go wrote into it is read. */
  readonly versionArguments?: readonly string[]
  readonly source: GoSource | DebianSource
}

export const parts = {
  opa: {
    name: 'opa',
    version: '1.22.2',
    versionArguments: ['version'],
    source: {
      kind: 'go',
      folder: 'scripts/tools/opa',
      module: 'github.com/open-policy-agent/opa',
      // As its releases are: it also evaluates modules, so that it can run what this project ships.
      tags: 'opa_wasm',
    },
  },
  regal: {
    name: 'regal',
    version: '0.42.0',
    versionArguments: ['version'],
    source: {
      kind: 'go',
      folder: 'scripts/tools/regal',
      module: 'github.com/open-policy-agent/regal',
      versionVariable: 'github.com/open-policy-agent/regal/pkg/version.Version',
    },
  },
  'go-spiffe': {
    name: 'go-spiffe',
    version: '2.8.1',
    versionArguments: ['version'],
    source: {
      kind: 'go',
      folder: 'scripts/tools/spiffe',
      module: 'github.com/spiffe/go-spiffe/v2',
      own: true,
    },
  },
  'log-sumdb': {
    name: 'log-sumdb',
    version: '0.43.0',
    versionArguments: ['version'],
    source: {
      kind: 'go',
      folder: 'scripts/tools/log-sumdb',
      module: 'golang.org/x/mod',
      own: true,
      versionVariable: 'main.version',
    },
  },
  'log-fsck': {
    name: 'log-fsck',
    version: '1.0.4',
    versionArguments: ['version'],
    source: {
      kind: 'go',
      folder: 'scripts/tools/log-fsck',
      module: 'github.com/transparency-dev/tessera',
      own: true,
      versionVariable: 'main.version',
    },
  },
  'log-merkle': {
    name: 'log-merkle',
    version: '0.0.2',
    versionArguments: ['version'],
    source: {
      kind: 'go',
      folder: 'scripts/tools/log-merkle',
      module: 'github.com/transparency-dev/merkle',
      own: true,
      versionVariable: 'main.version',
    },
  },
  litewitness: {
    name: 'litewitness',
    version: '0.9.0',
    source: {
      kind: 'go',
      folder: 'scripts/tools/litewitness',
      module: 'filippo.io/torchwood',
      command: 'cmd/litewitness',
    },
  },
  witnessctl: {
    name: 'witnessctl',
    version: '0.9.0',
    source: {
      kind: 'go',
      folder: 'scripts/tools/litewitness',
      module: 'filippo.io/torchwood',
      command: 'cmd/witnessctl',
    },
  },
  'ssh-agent': {
    name: 'ssh-agent',
    source: { kind: 'debian', package: 'openssh-client' },
  },
  'docker-compose': {
    name: 'docker-compose',
    versionArguments: ['version'],
    source: { kind: 'debian', package: 'docker-compose' },
  },
  nginx: {
    name: 'nginx',
    versionArguments: ['-v'],
    source: { kind: 'debian', package: 'nginx-light' },
  },
  'docker-registry': {
    name: 'docker-registry',
    versionArguments: ['--version'],
    source: { kind: 'debian', package: 'docker-registry' },
  },
  skopeo: {
    name: 'skopeo',
    versionArguments: ['--version'],
    source: { kind: 'debian', package: 'skopeo' },
  },
  wrk: {
    name: 'wrk',
    versionArguments: ['-v'],
    source: { kind: 'debian', package: 'wrk' },
  },
  chromium: {
    name: 'chromium',
    versionArguments: ['--version'],
    source: { kind: 'debian', package: 'chromium' },
  },
} as const satisfies Record<string, Part>

export type PartName = keyof typeof parts
