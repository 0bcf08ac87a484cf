const versions = [
  '1.0.0',
  'v1.0.0',
  'vv1.0.0',
  'V1.0.0',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-1',
  '1.0.0-2',
  '1.0.0-10',
  '1.0.0-99999999999999999999',
  '1.0.0-01',
  '1.0.0-0a',
  '1.0.0--',
  '1.0.0-',
  '1.0.0-a..b',
  '1.0.0+',
  '1.0.0+b',
  '1.0.0+01',
  '1.0.0+a+b',
  '1.0.0-a+b-c',
  '01.0.0',
  '1.0',
  '1.0.0.0',
  '1.-1.0',
  '1.+1.0',
  '1..0',
  '',
  '9223372036854775807.0.0',
  '9223372036854775808.0.0',
  '1.0.0 ',
  '1.0.é',
  '１.0.0',
  '1.0.0-é',
  '2.0.0',
  '1.1.0',
  '1.0.1',
  '1.0.0-a\\n',
  '1.0.0\\n',
  '1_0.0.0',
]
  .map((version) => `"${version}"`)
  .concat('input.number')

// Not two great numbers that differ: OPA 1.22.2 takes both for the greatest, and never ends.
const compared = versions.filter((_, i) => i % 2 === 0)

export const semverRows: readonly string[] = [
  ...versions.map((version) => `semver.is_valid(${version})`),
  ...compared.flatMap((a) => versions.map((b) => `semver.compare(${a}, ${b})`)),
]
