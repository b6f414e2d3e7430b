import { formatProblem, ProblemError } from '../config/problem.ts'
import { OryError } from '../errors.ts'
import { nestsDeeper } from '../http/go-json.ts'
import { guardControl, refusal } from '../http/guard.ts'
import { readBody } from '../http/read-body.ts'
import { ok, type Reply } from '../http/reply.ts'
import type { Json } from '../json.ts'
import { VERSION } from '../metadata.ts'
import type { Mock } from '../mock.ts'
import type { Exchange } from '../pipeline/exchange.ts'
import { clockRoutes } from './control/clock-routes.ts'
import { controlDocument } from './control/control-document.ts'
import { ControlError, type ControlRoute } from './control/control-route.ts'
import { coverageRoutes } from './control/coverage-routes.ts'
import { journalRoutes } from './control/journal-routes.ts'
import { mailRoutes } from './control/mail-routes.ts'
import { oidcRoutes } from './control/oidc-routes.ts'
import { projectRoutes } from './control/project-routes.ts'
import { recordRoutes } from './control/record-routes.ts'
import { serverRoutes } from './control/server-routes.ts'
import { snapshotRoutes } from './control/snapshot-routes.ts'
import { stateRoutes } from './control/state-routes.ts'
import { switchRoutes } from './control/switch-routes.ts'
import { SandboxRefused } from './sandboxes.ts'
import { SnapshotRefused } from './snapshots.ts'

/** Every route of the control API, in the order of its document. */
export const controlRoutes: readonly ControlRoute[] = [
  ...stateRoutes,
  ...snapshotRoutes,
  ...clockRoutes,
  ...projectRoutes,
  ...recordRoutes,
  ...switchRoutes,
  ...mailRoutes,
  ...oidcRoutes,
  ...journalRoutes,
  ...coverageRoutes,
  ...serverRoutes,
]

const PREFIX = '/__mock'

/** Answers the control API; undefined for everything that lies elsewhere. */
export function answerControl(mock: Mock, exchange: Exchange): Promise<Reply> | undefined {
  const { path } = exchange
  if (path !== PREFIX && !path.startsWith(`${PREFIX}/`)) return undefined
  return answer(mock, exchange, path.slice(PREFIX.length))
}

async function answer(mock: Mock, exchange: Exchange, path: string): Promise<Reply> {
  const refused = guardControl(exchange)
  if (refused) return refused
  if (path === '/control.json') return ok(controlDocument(controlRoutes, VERSION))
  const here = controlRoutes.flatMap((route) => {
    const params = match(route.path, path)
    return params ? [{ route, params }] : []
  })
  const found = here.find(({ route }) => route.method === exchange.method)
  if (!found)
    return nothingHere(
      exchange,
      here.map(({ route }) => route.method),
    )
  try {
    const body = await readJson(exchange, mock.limits.body)
    return await found.route.handle({ mock, exchange, params: found.params, body })
  } catch (error) {
    return explain(error)
  }
}

function nothingHere({ method, path }: Exchange, methods: readonly string[]): Reply {
  if (methods.length === 0) return refusal(404, `The control API has no ${path}. ${PREFIX}/control.json describes it.`)
  const reply = refusal(405, `${path} takes ${methods.join(', ')}, not ${method}.`)
  return { ...reply, headers: { ...reply.headers, Allow: methods.join(', ') } }
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')]
  if (wanted.length !== given.length) return undefined
  const params: Record<string, string> = {}
  for (const [at, part] of wanted.entries()) {
    const text = given[at] ?? ''
    if (part.startsWith('{')) params[part.slice(1, -1)] = decode(text)
    else if (part !== text) return undefined
  }
  return params
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Far beyond what anybody writes, and far below what recursion bears. */
const MAX_NESTING = 1_000

async function readJson(exchange: Exchange, limit: number): Promise<Json | undefined> {
  const { text } = await readBody(exchange.req, limit)
  if (text === '') return undefined
  if (nestsDeeper(text, MAX_NESTING)) {
    throw new ControlError(400, `The body nests objects and arrays deeper than ${MAX_NESTING} levels.`)
  }
  try {
    return JSON.parse(text) as Json
  } catch (error) {
    throw new ControlError(400, `The body is not JSON: ${(error as SyntaxError).message}.`)
  }
}

/** What a handler threw, as an answer; what is no fault of the request is thrown on. */
function explain(error: unknown): Reply {
  if (error instanceof ControlError) return refusal(error.status, error.message)
  if (error instanceof SnapshotRefused) return refusal(409, error.message)
  if (error instanceof SandboxRefused) return refusal(404, error.message)
  if (error instanceof OryError) return refusal(error.status, error.error.reason ?? error.error.message)
  if (!(error instanceof ProblemError)) throw error
  const reply = refusal(400, error.problems.map(formatProblem).join(' '))
  return { ...reply, body: { error: (reply.body as { error: string }).error, problems: error.problems } }
}
