import { ProblemError } from '../../config/problem.ts'
import { serialiseCookie } from '../../http/cookies.ts'
import { noContent, ok, type Reply } from '../../http/reply.ts'
import { identityBody } from '../../identities/identity-body.ts'
import type { Json } from '../../json.ts'
import { sessionBody } from '../../sessions/session.ts'
import { sessionCookie } from '../../sessions/session-cookie.ts'
import { addIdentity, addSession, addTuples } from '../add-records.ts'
import type { Fixture } from '../fixture.ts'
import { checkFixture } from '../load-fixture.ts'
import { type ControlCall, ControlError, type ControlRoute } from './control-route.ts'

/**
 * One entry of a list of a fixture, as it came over the wire.
 * @throws ProblemError with JSON pointers into it
 */
function readEntry<List extends 'identities' | 'sessions'>(
  list: List,
  body: Json | undefined,
): NonNullable<Fixture[List]>[number] {
  const problems = checkFixture({ [list]: [body ?? null] })
  if (problems.length > 0) {
    const prefix = new RegExp(`^/${list}/0`)
    throw new ProblemError(problems.map((each) => ({ ...each, pointer: each.pointer.replace(prefix, '') })))
  }
  return body as unknown as NonNullable<Fixture[List]>[number]
}

function createIdentity({ exchange, body }: ControlCall): Reply {
  const identity = addIdentity(exchange.world, readEntry('identities', body), exchange.urls.public)
  return ok(identityBody(exchange, identity, { credentials: true, metadataAdmin: true }))
}

/** A session without a UI: its token and the cookie that a browser would hold, or with `set_cookie` then holds. */
function createSession({ exchange, body: entry }: ControlCall): Reply {
  const { world } = exchange
  const session = addSession(world, readEntry('sessions', entry))
  const identity = world.identities.get(session.identity_id) ?? null
  const cookie = sessionCookie(exchange, session)
  const body = {
    session_token: session.token,
    cookie: serialiseCookie(cookie, world.now()),
    session: sessionBody(exchange, session, identity),
  }
  return ok(body, exchange.query.get('set_cookie') === 'true' ? { cookies: [cookie] } : {})
}

function createTuples({ exchange, body }: ControlCall): Reply {
  if (!Array.isArray(body)) {
    throw new ControlError(
      400,
      'Send a list of relation tuples: ["files:report#view@ada"], or objects as Keto writes them.',
    )
  }
  const problems = checkFixture({ relation_tuples: body })
  if (problems.length > 0) {
    throw new ProblemError(problems.map((each) => ({ ...each, pointer: each.pointer.replace('/relation_tuples', '') })))
  }
  addTuples(exchange.world, body as NonNullable<Fixture['relation_tuples']>)
  return noContent()
}

export const recordRoutes: readonly ControlRoute[] = [
  {
    method: 'POST',
    path: '/identities',
    summary: 'Makes an identity, written as in a fixture: an e-mail and a password are enough.',
    body: { type: 'object', description: 'See identities in fixtures/fixture.schema.json.' },
    answer: { type: 'object', description: 'The identity, as adminGetIdentity answers.' },
    handle: createIdentity,
  },
  {
    method: 'POST',
    path: '/sessions',
    summary:
      'Makes a session without a UI. With set_cookie=true the answer sets its cookie, so that a browser is signed in.',
    query: ['set_cookie'],
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
  {
    method: 'POST',
    path: '/relation-tuples',
    summary: 'Adds relation tuples, written as in a fixture; all of them or none.',
    body: { type: 'array', items: { oneOf: [{ type: 'string' }, { type: 'object' }] } },
    handle: createTuples,
  },
]
