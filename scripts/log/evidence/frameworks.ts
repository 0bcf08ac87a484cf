// The control frameworks that METADATA maps codes to: their controls under the names that they themselves publish, and the
// labels of other documents that are taken for them.

import { usage } from '../../command/command.ts'

export interface Control {
  readonly id: string
  readonly name: string
  /** As `mapping` of a code has it. */
  readonly label: string
  /** What some documents call it, though the framework does not. */
  readonly aliases: readonly string[]
}

export interface Framework {
  readonly name: string
  readonly title: string
  /** The member of `mapping`. */
  readonly mapping: string
  readonly controls: readonly Control[]
}

type Row = readonly [id: string, name: string, alias?: string]

const frameworks: readonly Framework[] = [
  {
    ...{ name: 'owasp-agentic', mapping: 'owasp_asi' },
    title: 'OWASP Top 10 for Agentic Applications (December 2025)',
    controls: controlsOf('', [
      ['ASI01', 'Agent Goal Hijack', 'A1'],
      ['ASI02', 'Tool Misuse and Exploitation'],
      ['ASI03', 'Identity and Privilege Abuse'],
      ['ASI04', 'Agentic Supply Chain Vulnerabilities'],
      ['ASI05', 'Unexpected Code Execution (RCE)'],
      ['ASI06', 'Memory & Context Poisoning'],
      ['ASI07', 'Insecure Inter-Agent Communication'],
      ['ASI08', 'Cascading Failures'],
      ['ASI09', 'Human-Agent Trust Exploitation'],
      ['ASI10', 'Rogue Agents'],
    ]),
  },
  {
    ...{ name: 'maestro', mapping: 'maestro' },
    title: 'MAESTRO, the seven layers',
    controls: controlsOf('', [
      ['L1', 'Foundation Model'],
      ['L2', 'Data Operations'],
      ['L3', 'Agent Frameworks'],
      ['L4', 'Deployment Infrastructure'],
      ['L5', 'Evaluation & Observability'],
      ['L6', 'Security & Compliance', 'GOV-2'],
      ['L7', 'Agent Ecosystem'],
    ]),
  },
  {
    ...{ name: 'nist-ai-rmf', mapping: 'nist' },
    title: 'NIST AI Risk Management Framework 1.0, the functions',
    controls: controlsOf('AI-RMF-', [
      ['GOVERN', 'Govern'],
      ['MAP', 'Map'],
      ['MEASURE', 'Measure'],
      ['MANAGE', 'Manage'],
    ]),
  },
  {
    ...{ name: 'nist-csf', mapping: 'nist' },
    title: 'NIST Cybersecurity Framework 2.0, the functions',
    controls: controlsOf('CSF-', [
      ['GV', 'Govern'],
      ['ID', 'Identify'],
      ['PR', 'Protect'],
      ['DE', 'Detect'],
      ['RS', 'Respond'],
      ['RC', 'Recover'],
    ]),
  },
]

function controlsOf(prefix: string, rows: readonly Row[]): readonly Control[] {
  return rows.map(([id, name, alias]) => ({
    ...{ id, name, label: `${prefix}${id}` },
    aliases: alias === undefined ? [] : [alias],
  }))
}

export const frameworkNames = frameworks.map(({ name }) => name)

/** @throws PdpError `usage`. */
export function frameworkNamed(name: string): Framework {
  const found = frameworks.find((one) => one.name === name)
  if (found !== undefined) return found
  throw usage(`--framework ${name}: write one of ${frameworkNames.join(', ')}.`)
}

/** The controls of these ids or aliases, in the framework's order; all when none is asked for. @throws PdpError `usage`. */
export function controlsNamed(
  { name, controls }: Framework,
  asked: readonly string[],
): readonly Control[] {
  const isNamed = ({ id, aliases }: Control, by: string): boolean =>
    id === by || aliases.includes(by)
  const unknown = asked.find((by) => !controls.some((control) => isNamed(control, by)))
  if (unknown !== undefined)
    throw usage(
      `--control ${unknown}: write one of ${controls.flatMap(({ id, aliases }) => [id, ...aliases]).join(', ')}, the controls of ${name}.`,
    )
  if (asked.length === 0) return controls
  return controls.filter((control) => asked.some((by) => isNamed(control, by)))
}
