import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { catalogue } from '../../src/simulation/switches/catalogue.ts'
import type { Method, Server } from '../support/people.ts'
import { publishedRoutes } from '../support/published-routes.ts'
import { expectSwitched, inBothDialects, throwSwitch } from '../support/switching.ts'
import { ANN, errorOf } from './flows.ts'

/* ecosystem §4.7, last part: API keys and ports, at every operation that they concern. */

const ID = '5f2b1c9e-0c5f-4c1e-9a55-7d3b8f0f6c11'
const TUPLE = { namespace: 'files', object: 'o', relation: 'r', subject_id: 's' }

/** Bodies that keep the contract. */
const BODIES: Readonly<Record<string, unknown>> = {
  adminCreateIdentity: { schema_id: 'default', traits: { email: ANN } },
  adminUpdateIdentity: { schema_id: 'default', state: 'active', traits: { email: ANN } },
  adminPatchIdentity: [],
  adminCreateSelfServiceRecoveryLink: { identity_id: ID },
  createRelationTuple: TUPLE,
  patchRelationTuples: [],
  postCheck: TUPLE,
  postCheckMirrorStatus: TUPLE,
  submitSelfServiceLogoutFlowWithoutBrowser: { session_token: 'x' },
}

const QUERY = `?namespace=files&object=o&relation=r&id=${ID}&flow=${ID}&token=x`

type Route = (typeof publishedRoutes)[number]

const pathOf = ([, template]: Route): string => template.replace(/\{[^}]+\}/g, ID) + QUERY

/** The operations that a switch can meet. */
function routesOf(name: string): readonly Route[] {
  const operations = catalogue.get(name)?.operations ?? []
  const routes = publishedRoutes.filter(([, , id]) => operations !== '*' && operations.includes(id))
  expect(routes).toHaveLength(operations.length)
  return routes
}

function send(server: Server, route: Route) {
  const [method, , id] = route
  const json = BODIES[id]
  return server.browser().send(method as Method, pathOf(route), json === undefined ? {} : { json })
}

const rows = <Name extends string>(...names: readonly Name[]) =>
  names.flatMap((name) => routesOf(name).map((route) => [name, route[2], route] as const))

const KEYS = { 'admin-key-missing': 401, 'admin-key-invalid': 401, 'admin-key-insufficient': 403 } as const

const TEXTS = {
  401: 'Access credentials are invalid',
  403: 'Access credentials are not sufficient to access this resource',
}

it('a key is asked of 19 operations of administrators and permissions', () => {
  expect(routesOf('admin-key-missing').map(([, , id]) => id).length).toBe(19)
})

inBothDialects((open) => {
  describe('keys', () => {
    it.each(rows('admin-key-missing', 'admin-key-invalid', 'admin-key-insufficient'))(
      '%s: the gateway refuses %s',
      async (name, _id, route) => {
        const server = open()
        await throwSwitch(server, name)
        const answer = await send(server, route)
        const status = KEYS[name]
        expect(errorOf(answer)).toEqual({ status, id: undefined })
        expect(answer.body.error).toEqual({
          code: status,
          status: status === 401 ? 'Unauthorized' : 'Forbidden',
          message: TEXTS[status],
        } satisfies JsonObject)
        expectSwitched(answer, name)
        expect(server.world.identities.size).toBe(0)
      },
    )
  })

  describe('ports', () => {
    const ELSEWHERE = rows('admin-on-public-port', 'public-on-admin-port')

    it.each(ELSEWHERE.filter(([, id]) => id !== 'adminExtendSession'))(
      '%s: %s is sent to the other base URL',
      async (name, _id, route) => {
        const server = open()
        await throwSwitch(server, name)
        const answer = await send(server, route)
        expect({ status: answer.status, location: answer.location }).toEqual({
          status: 307,
          location: `http://localhost:4000${pathOf(route)}`,
        })
        expectSwitched(answer, name)
        expect([server.world.identities.size, server.world.flows.size]).toEqual([0, 0])
      },
    )

    it('admin-on-public-port: adminExtendSession is not there', async () => {
      const server = open()
      await throwSwitch(server, 'admin-on-public-port', { operation: 'adminExtendSession' })
      const answer = await server.browser().patch(`/admin/sessions/${ID}/extend`, {})
      expect({ status: answer.status, text: answer.text }).toEqual({ status: 404, text: '404 page not found\n' })
      expectSwitched(answer, 'admin-on-public-port')
    })
  })

  it('a client that follows arrives where it should have gone at once', async () => {
    const server = open()
    await throwSwitch(server, 'public-on-admin-port', { times: 1 })
    const { location } = await server.browser().get('/self-service/login/api')
    expect((await server.browser().get(String(location))).status).toBe(200)
    await throwSwitch(server, 'admin-on-public-port', { times: 1 })
    const away = await server.browser().get('/admin/identities')
    expect((await server.browser().get(String(away.location))).body).toEqual([])
  })
})
