import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { identities } from '../../src/simulation/switches/sections/identities.ts'
import { logout } from '../../src/simulation/switches/sections/logout.ts'
import type { SwitchName } from '../../src/simulation/switches/switch-names.ts'
import { type Answer, PASSWORD, type Server } from '../support/people.ts'
import { clearSwitches, expectSwitched, inBothDialects, throwSwitch } from '../support/switching.ts'
import { ANN, BOB, errorOf } from './flows.ts'
import { NAMES } from './names.ts'

/* ecosystem §4.7, second part: identities and their schemas. */

it('the two parts of the section hold the names of §4.7', () => {
  expect([...Object.keys(logout), ...Object.keys(identities)]).toEqual(
    NAMES['4.7 Logout, error store, identities, schemas'],
  )
})

type Act = (server: Server, id: string) => Promise<Answer>

const WHOLE = { schema_id: 'default', state: 'active', traits: { email: ANN } }

const read: Act = (server, id) => server.browser().get(`/admin/identities/${id}`)
const remove: Act = (server, id) => server.browser().delete(`/admin/identities/${id}`)
const sessions: Act = (server, id) => server.browser().get(`/admin/identities/${id}/sessions`)
const endSessions: Act = (server, id) => server.browser().delete(`/admin/identities/${id}/sessions`)
const schema: Act = (server) => server.browser().get('/schemas/default')
const schemas: Act = (server) => server.browser().get('/schemas')

/** What goes well: Bob is new, Ann is there. */
const create =
  (json: JsonObject = { schema_id: 'default', traits: { email: BOB } }): Act =>
  (server) =>
    server.browser().post('/admin/identities', { json })
const update =
  (json: JsonObject = WHOLE): Act =>
  (server, id) =>
    server.browser().put(`/admin/identities/${id}`, { json })
const patch =
  (json: unknown = [{ op: 'replace', path: '/metadata_public', value: { seen: true } }]): Act =>
  (server, id) =>
    server.browser().patch(`/admin/identities/${id}`, { json })

const GONE = /^Unable to locate the resource$/
const TAKEN = /^Unable to insert or update resource because a resource with that value exists already$/
const MISFIT = /I\[#\/traits\/email\] .*expected string, but got boolean/
const NO_SCHEMA = /^Unable to find JSON Schema ID: no-such-schema$/
const NO_HASH = /does not match any known hash format/
const NO_STATE = /^identity state is not valid$/
const NO_FILE = /^The file for this JSON Schema ID could not be found or opened/

/** Name of the switch, what it meets, what the client sees: the status and the reason, or the message where there is none. */
const ROWS: readonly (readonly [SwitchName, string, Act, number, RegExp])[] = [
  ['identity-not-found', 'which is read', read, 404, GONE],
  ['identity-not-found', 'which is changed', update(), 404, GONE],
  ['identity-not-found', 'which is patched', patch(), 404, GONE],
  ['identity-not-found', 'which is deleted', remove, 404, GONE],
  ['identity-not-found', 'whose sessions are listed', sessions, 404, GONE],
  ['identity-not-found', 'whose sessions are ended', endSessions, 404, GONE],
  ['identity-conflict', 'at a new one', create(), 409, TAKEN],
  ['identity-conflict', 'at a change to what is free', update({ ...WHOLE, traits: { email: BOB } }), 409, TAKEN],
  ['identity-conflict', 'at a change that keeps the own one', update(), 409, TAKEN],
  ['identity-conflict', 'at a patch', patch(), 409, TAKEN],
  ['identity-traits-invalid', 'at a new one', create(), 400, MISFIT],
  ['identity-traits-invalid', 'at a change', update(), 400, MISFIT],
  ['identity-traits-invalid', 'at a patch', patch(), 400, MISFIT],
  ['identity-schema-unknown', 'at a new one', create(), 400, NO_SCHEMA],
  ['identity-schema-unknown', 'at a change', update(), 400, NO_SCHEMA],
  ['identity-state-invalid', 'at a new one', create(), 400, NO_STATE],
  ['identity-state-invalid', 'at a change', update(), 400, NO_STATE],
  ['identity-state-invalid', 'at a patch', patch(), 400, NO_STATE],
  ['identity-patch-forbidden', 'at a patch', patch(), 400, /^patch includes denied path: \/credentials$/],
  ['identity-patch-malformed', 'at a patch', patch(), 400, /cannot unmarshal object into Go value of type jsonpatch/],
  ['identity-import-bad-hash', 'at a new one', create(), 400, NO_HASH],
  ['identity-import-bad-hash', 'at a change', update(), 400, NO_HASH],
  ['identity-bad-include-credential', 'when it is read', read, 400, /^Invalid value `password` for parameter/],
  ['schema-not-found', 'by its id', schema, 404, /^Identity schema `.*` could not be found\.$/],
  ['schema-broken', 'by its id', schema, 500, NO_FILE],
  ['schema-broken', 'in the list', schemas, 500, NO_FILE],
]

inBothDialects((open) => {
  async function opened(): Promise<{ server: Server; id: string }> {
    const server = open()
    const id = await server.person(ANN)
    await server.signedIn(ANN)
    return { server, id }
  }

  const saidBy = ({ body }: Answer): string => body.error.reason ?? body.error.message

  it.each(ROWS)('%s: %s', async (name, _what, act, status, said) => {
    const { server, id } = await opened()
    expect((await act(server, id)).status, 'goes well without the switch').toBeLessThan(300)
    const { server: other, id: same } = await opened()
    const before = other.world.identities.get(same)
    await throwSwitch(other, name)
    const answer = await act(other, same)
    expect(errorOf(answer)).toEqual({ status, id: undefined })
    expect(saidBy(answer)).toMatch(said)
    expectSwitched(answer, name)
    expect(other.world.identities.get(same), 'nothing is changed').toEqual(before)
    await clearSwitches(other)
    if (name !== 'identity-conflict') expect((await act(other, same)).status).toBeLessThan(300)
  })

  describe('identity-not-found with an id that is no UUID', () => {
    it.each([
      ['which is read', read, 404],
      ['which is changed', update(), 404],
      ['which is patched', patch(), 404],
      ['which is deleted', remove, 404],
      ['whose sessions are listed', sessions, 400],
      ['whose sessions are ended', endSessions, 400],
    ] as const)('%s', async (_what, act, status) => {
      const { server, id } = await opened()
      await throwSwitch(server, 'identity-not-found', { parameters: { malformed: true } })
      const answer = await act(server, id)
      expect(errorOf(answer)).toEqual({ status, id: undefined })
      if (status === 400) expect(answer.body.error.debug).toBe('could not parse UUID')
      expectSwitched(answer, 'identity-not-found')
    })
  })

  it('identity-conflict: somebody has the identifier from now on', async () => {
    const { server } = await opened()
    await throwSwitch(server, 'identity-conflict', { times: 1 })
    await create()(server, '')
    expect(server.world.identities.find('identifier', `password:${BOB}`)).toBeDefined()
    expect((await create()(server, '')).status).toBe(409)
  })

  it('identity-conflict: it meets traits by which nobody signs in as they are', async () => {
    const { server } = await opened()
    await throwSwitch(server, 'identity-conflict')
    const answer = await create({ schema_id: 'default', traits: { email: 'not-valid' } })(server, '')
    expect(errorOf(answer)).toEqual({ status: 400, id: undefined })
  })

  it.each(['/id', '/stateChangedAt'])('identity-patch-forbidden: the path can be %s', async (path) => {
    const { server, id } = await opened()
    await throwSwitch(server, 'identity-patch-forbidden', { parameters: { path } })
    expect(saidBy(await patch()(server, id))).toBe(`patch includes denied path: ${path}`)
  })

  it('identity-import-bad-hash: the password is still the old one', async () => {
    const { server, id } = await opened()
    await throwSwitch(server, 'identity-import-bad-hash')
    await update({ ...WHOLE, credentials: { password: { config: { password: 'another-one-0815' } } } })(server, id)
    await clearSwitches(server)
    expect((await server.browser().signIn(ANN, PASSWORD)).status).toBe(200)
  })

  describe('pages of identities', () => {
    async function five(): Promise<Server> {
      const server = open()
      for (const name of ['a', 'b', 'c', 'd', 'e']) await server.person(`${name}@example.org`)
      return server
    }

    const rels = ({ headers }: Answer): string[] =>
      [...(headers['link'] ?? '').matchAll(/rel="(\w+)"/g)].map((m) => m[1] ?? '')

    it.each([
      ['identity-page-last', '?per_page=2', 1],
      ['identity-page-last', '?per_page=5&page=1', 5],
      ['identity-page-last', '', 5],
      ['identity-page-empty', '?per_page=2&page=1', 0],
      ['identity-page-empty', '', 0],
    ] as const)('%s of "%s" has %d', async (name, query, rows) => {
      const server = await five()
      await throwSwitch(server, name)
      const answer = await server.browser().get(`/admin/identities${query}`)
      expect(answer.status).toBe(200)
      expect(answer.body).toHaveLength(rows)
      expect(answer.headers['x-total-count']).toBe('5')
      expect(rels(answer)).toContain('first')
      expect(rels(answer)).not.toContain('next')
      expectSwitched(answer, name)
    })
  })
})
