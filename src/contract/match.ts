import type { OperationInfo } from './document.ts'

/** A request's operation, with its decoded path parameters. */
export interface RouteMatch {
  readonly operation: OperationInfo
  readonly params: Readonly<Record<string, string>>
  /** The path is not percent-encoded UTF-8 (`/schemas/%zz`); parameters are then as sent. */
  readonly malformed: boolean
}

export interface Matcher {
  /** The operation of a method and path (without query and sandbox prefix). `HEAD` finds the operation of `GET`. */
  readonly match: (method: string, path: string) => RouteMatch | undefined
  /** The methods that some operation has on this path, upper case, in the order of the document; `[]` if it has none. */
  readonly methodsOf: (path: string) => readonly string[]
}

interface Segment {
  readonly fixed: Map<string, Segment>
  parameter: Segment | undefined
  /** By method; the names are those of the path's parameters, from left to right. */
  readonly operations: Map<string, { operation: OperationInfo; names: readonly string[] }>
}

const newSegment = (): Segment => ({ fixed: new Map(), parameter: undefined, operations: new Map() })

/**
 * The route table: paths without parameters by one look-up, the others by a tree of segments, fixed text before
 * parameters. As on the real servers the whole path is decoded before it is cut, so that `%2F` separates segments.
 */
export function createMatcher(operations: readonly OperationInfo[]): Matcher {
  const root = newSegment()
  const fixedPaths = new Map<string, RouteMatch>()
  for (const operation of operations) {
    addRoute(root, operation)
    if (!operation.path.includes('{')) {
      fixedPaths.set(`${operation.method} ${operation.path}`, { operation, params: {}, malformed: false })
    }
  }
  return {
    match: (method, path) => {
      const wanted = method === 'HEAD' ? 'GET' : method
      return fixedPaths.get(`${wanted} ${path}`) ?? search(root, wanted, path)
    },
    methodsOf: (path) => {
      const found = leaves(root, cut(path).segments, 0, [])
      return [...new Set(found.flatMap(({ segment }) => [...segment.operations.keys()]))]
    },
  }
}

function addRoute(root: Segment, operation: OperationInfo): void {
  const names: string[] = []
  let segment = root
  for (const text of operation.path.slice(1).split('/')) {
    if (text.startsWith('{')) {
      names.push(text.slice(1, -1))
      segment.parameter ??= newSegment()
      segment = segment.parameter
    } else {
      const next = segment.fixed.get(text) ?? newSegment()
      segment.fixed.set(text, next)
      segment = next
    }
  }
  segment.operations.set(operation.method, { operation, names })
}

function search(root: Segment, method: string, path: string): RouteMatch | undefined {
  const { segments, malformed } = cut(path)
  for (const { segment, values } of leaves(root, segments, 0, [])) {
    const route = segment.operations.get(method)
    if (route !== undefined) {
      const params = Object.fromEntries(route.names.map((name, index) => [name, values[index] ?? '']))
      return { operation: route.operation, params, malformed }
    }
  }
  return undefined
}

interface Leaf {
  readonly segment: Segment
  readonly values: readonly string[]
}

/** Every end of the tree that the path reaches; fixed text comes before parameters. */
function leaves(segment: Segment, path: readonly string[], depth: number, values: readonly string[]): Leaf[] {
  const text = path[depth]
  if (text === undefined) return segment.operations.size > 0 ? [{ segment, values }] : []
  const fixed = segment.fixed.get(text)
  const found = fixed === undefined ? [] : leaves(fixed, path, depth + 1, values)
  if (segment.parameter === undefined || text === '') return found
  return [...found, ...leaves(segment.parameter, path, depth + 1, [...values, text])]
}

function cut(path: string): { segments: string[]; malformed: boolean } {
  try {
    return { segments: decodeURIComponent(path).slice(1).split('/'), malformed: false }
  } catch {
    return { segments: path.slice(1).split('/'), malformed: true }
  }
}
