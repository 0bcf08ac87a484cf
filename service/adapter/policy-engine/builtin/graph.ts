/** `graph.reachable_paths` (OPA's v1/topdown/reachable.go). */
import { type Builtins, compare, type RegoObject, RegoSet, type RegoValue } from '../rego-value.ts'
import { checkMembers, membersOperand, objectOperand } from './operand.ts'

type Path = readonly RegoValue[]

export const graphBuiltins: Builtins = {
  'graph.reachable_paths': (_context, given, initial) => {
    const graph = objectOperand(given)
    const paths: Path[] = []
    for (const node of membersOperand(initial)) {
      const edges = edgesOf(graph, node)
      if (edges === null) continue
      if (edges.length === 0) paths.push([node])
      for (const neighbour of edges) follow(graph, neighbour, [node], paths)
    }
    return new RegoSet(paths)
  },
}

/** Adds every way on from a path; it ends where the graph ends and before it would meet itself. */
function follow(graph: RegoObject, node: RegoValue, path: Path, paths: Path[]): void {
  checkMembers(paths.length)
  const edges = edgesOf(graph, node)
  if (edges === null) {
    paths.push(path)
    return
  }
  const extended = [...path, node]
  if (edges.length === 0) paths.push(extended)
  for (const neighbour of edges) {
    if (extended.some((passed) => compare(passed, neighbour) === 0)) paths.push(extended)
    else follow(graph, neighbour, extended, paths)
  }
}

/** Null when the node is not in the graph; what is neither array nor set has no edges. */
function edgesOf(graph: RegoObject, node: RegoValue): readonly RegoValue[] | null {
  const edges = graph.get(node)
  if (edges === undefined) return null
  return edges instanceof RegoSet || Array.isArray(edges) ? membersOperand(edges) : []
}
