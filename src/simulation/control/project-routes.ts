import { patchConfig } from '../../config/check-config.ts'
import { ProblemError } from '../../config/problem.ts'
import { serialiseCookie } from '../../http/cookies.ts'
import { ok, type Reply } from '../../http/reply.ts'
import { sessionBody } from '../../sessions/session.ts'
import { sessionCookie } from '../../sessions/session-cookie.ts'
import { addSession } from '../build-world.ts'
import type { FixtureSession } from '../fixture.ts'
import { checkFixture } from '../load-fixture.ts'
import type { ControlCall, ControlRoute } from './control-route.ts'

function getConfig({ exchange }: ControlCall): Reply {
  return ok(exchange.world.config)
}

/** Changes the project while it runs; a broken patch changes nothing. */
function patch({ exchange, body }: ControlCall): Reply {
  const { world } = exchange
  const { config, settings } = patchConfig(world.config, body ?? null)
  world.config = config
  world.settings = settings
  return ok(config)
}

/** A session without a UI: its token and the cookie that a browser would hold. */
function createSession({ exchange, body }: ControlCall): Reply {
  const problems = checkFixture({ sessions: [body ?? null] })
  if (problems.length > 0)
    throw new ProblemError(problems.map((p) => ({ ...p, pointer: p.pointer.replace(/^\/sessions\/0/, '') })))
  const { world } = exchange
  const session = addSession(world, body as unknown as FixtureSession)
  const identity = world.identities.get(session.identity_id) ?? null
  return ok({
    session_token: session.token,
    cookie: serialiseCookie(sessionCookie(exchange, session), world.now()),
    session: sessionBody(exchange, session, identity),
  })
}

export const projectRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/config',
    summary: 'The configuration of the sandbox, kratos.yml and keto.yml keys.',
    answer: { type: 'object' },
    handle: getConfig,
  },
  {
    method: 'PATCH',
    path: '/config',
    summary: 'Changes the configuration while it runs (JSON Merge Patch).',
    body: { type: 'object' },
    answer: { type: 'object' },
    handle: patch,
  },
  {
    method: 'POST',
    path: '/sessions',
    summary: 'Makes a session without a UI.',
    body: {
      type: 'object',
      required: ['identity'],
      properties: {
        identity: { type: 'string', description: 'Id or identifier.' },
        aal: { enum: ['aal1', 'aal2'] },
        methods: { type: 'array', items: { type: 'string' } },
        age: { type: 'string', description: 'A Go duration: how long ago the person signed in.' },
      },
    },
    answer: {
      type: 'object',
      required: ['session_token', 'cookie', 'session'],
      properties: { session_token: { type: 'string' }, cookie: { type: 'string' }, session: { type: 'object' } },
    },
    handle: createSession,
  },
]
