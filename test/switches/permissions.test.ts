import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { sections } from '../../src/simulation/switches/catalogue.ts'
import type { SwitchName } from '../../src/simulation/switches/switch-names.ts'
import { tupleOf } from '../permissions/keto.ts'
import type { Answer, Method, Server } from '../support/people.ts'
import { clearSwitches, expectSwitched, inBothDialects, throwSwitch } from '../support/switching.ts'
import { NAMES } from './names.ts'

/* ecosystem §4.8: relation tuples and checks. */

it('every name of the section is in the catalogue, and no other', () => {
  expect(Object.keys(sections.Permissions)).toEqual(NAMES['4.8 Keto'])
})

/** A tuple that is there, and one that is not. */
const THERE = 'files:doc#view@alice'
const NEW = 'files:doc#view@bob'

const query = (text: string): string => {
  const { subject_set, ...rest } = tupleOf(text)
  return new URLSearchParams(rest as Record<string, string>).toString()
}

type Ask = readonly [method: Method, path: string, body?: unknown]

const list: Ask = ['GET', `/relation-tuples?${query(THERE)}`]
const all: Ask = ['GET', '/relation-tuples']
const create: Ask = ['PUT', '/admin/relation-tuples', tupleOf(NEW)]
const patch: Ask = ['PATCH', '/admin/relation-tuples', [{ action: 'insert', relation_tuple: tupleOf(NEW) }]]
const remove: Ask = ['DELETE', `/admin/relation-tuples?${query(THERE)}`]
const expand: Ask = ['GET', '/relation-tuples/expand?namespace=files&object=doc&relation=view']
const check: Ask = ['GET', `/relation-tuples/check/openapi?${query(THERE)}`]
const postCheck: Ask = ['POST', '/relation-tuples/check/openapi', tupleOf(THERE)]
const mirror: Ask = ['GET', `/relation-tuples/check?${query(THERE)}`]
const postMirror: Ask = ['POST', '/relation-tuples/check', tupleOf(THERE)]

const CHECKS = [check, postCheck, mirror, postMirror]
const READS = [list, expand, ...CHECKS]
const WRITES = [create, patch, remove]

interface Row {
  readonly name: SwitchName
  readonly asks: readonly Ask[]
  readonly status: number
  /** What stands in the body, somewhere. */
  readonly says: RegExp
}

const DENIED = /^\{"allowed":false\}\s*$/
const UNKNOWN = /Unknown namespace with name/

const ROWS: readonly Row[] = [
  { name: 'permission-denied', asks: [mirror, postMirror], status: 403, says: DENIED },
  { name: 'permission-denied-200', asks: [check, postCheck], status: 200, says: DENIED },
  { name: 'check-depth-exceeded', asks: [check, postCheck], status: 200, says: DENIED },
  { name: 'check-depth-exceeded', asks: [mirror, postMirror], status: 403, says: DENIED },
  { name: 'check-unknown-namespace', asks: [check, postCheck], status: 200, says: DENIED },
  { name: 'check-unknown-namespace', asks: [mirror, postMirror], status: 403, says: DENIED },
  { name: 'check-cycle', asks: CHECKS, status: 200, says: /^\{"allowed":true\}\s*$/ },
  { name: 'list-unknown-namespace', asks: [list, all], status: 404, says: UNKNOWN },
  { name: 'expand-unknown-namespace', asks: [expand], status: 404, says: UNKNOWN },
  { name: 'write-unknown-namespace', asks: [create, patch], status: 404, says: UNKNOWN },
  { name: 'delete-unknown-namespace', asks: [remove], status: 500, says: /"code":500/ },
  { name: 'subject-missing', asks: [create, patch, ...CHECKS], status: 400, says: /subject is not allowed to be nil/ },
  {
    name: 'subject-duplicate',
    asks: [list, ...WRITES, ...CHECKS],
    status: 400,
    says: /exactly one of subject_set or subject_id has to be provided/,
  },
  { name: 'subject-incomplete', asks: [list, remove, check, mirror], status: 400, says: /incomplete subject, provide/ },
  { name: 'legacy-subject-parameter', asks: [list, check, mirror], status: 400, says: /The request was malformed/ },
  {
    name: 'max-depth-not-int',
    asks: [...CHECKS, expand],
    status: 400,
    says: /unable to parse 'max-depth' query parameter to int: strconv.ParseInt: parsing \\"deep\\": invalid syntax/,
  },
  { name: 'page-size-not-int', asks: [list, all], status: 400, says: /strconv.ParseInt: parsing \\"all\\"/ },
  { name: 'page-token-invalid', asks: [list, all], status: 500, says: /malformed page token/ },
  { name: 'patch-unknown-action', asks: [patch], status: 400, says: /unknown action upsert/ },
  { name: 'patch-tuple-missing', asks: [patch], status: 400, says: /relation_tuple is missing/ },
  { name: 'body-not-json', asks: [create, patch], status: 400, says: /unexpected EOF/ },
  { name: 'body-not-json', asks: [postCheck, postMirror], status: 500, says: /unexpected EOF/ },
  { name: 'keto-read-write-split', asks: [...READS, ...WRITES], status: 404, says: /^404 page not found\s*$/ },
]

const CASES = ROWS.flatMap((row) =>
  row.asks.map((ask) => [row.name, ask[0], ask[1].split('?')[0], { ...row, ask }] as const),
)

inBothDialects((open, dialect) => {
  async function opened(): Promise<Server> {
    const server = open({
      namespaces: [
        { id: 0, name: 'files' },
        { id: 1, name: 'groups' },
      ],
    })
    expect((await ask(server, ['PUT', '/admin/relation-tuples', tupleOf(THERE)])).status).toBe(201)
    return server
  }

  const ask = (server: Server, [method, path, json]: Ask): Promise<Answer> =>
    server.browser().send(method, path, json === undefined ? {} : { json })

  const tuples = async (server: Server): Promise<readonly JsonObject[]> => (await ask(server, all)).body.relation_tuples

  it.each(CASES)('%s: %s %s', async (name, _method, _path, row) => {
    const server = await opened()
    await throwSwitch(server, name)
    const answer = await ask(server, row.ask)
    expect({ status: answer.status, text: answer.text }).toEqual({
      status: row.status,
      text: expect.stringMatching(row.says),
    })
    expectSwitched(answer, name)
    await clearSwitches(server)
    // what was refused has changed nothing, and without the switch all is well
    if (WRITES.includes(row.ask)) expect(await tuples(server)).toEqual([tupleOf(THERE)])
    expect((await ask(server, row.ask)).status).toBeLessThan(300)
  })

  it('legacy-subject-parameter: checks say that "subject" was dropped, lists do not', async () => {
    const server = await opened()
    await throwSwitch(server, 'legacy-subject-parameter')
    expect((await ask(server, check)).body.error.debug).toMatch(/support for "subject" was dropped/)
    expect((await ask(server, list)).body.error.debug).toBeUndefined()
  })

  it('check-depth-exceeded: one group less is not too deep', async () => {
    const server = await opened()
    await throwSwitch(server, 'check-depth-exceeded')
    expect((await ask(server, check)).body).toEqual({ allowed: false })
    await clearSwitches(server)
    const from = (level: number): Ask => ['GET', check[1].replace('object=doc', `object=mock-depth-${level}`)]
    expect((await ask(server, from(0))).body).toEqual({ allowed: false })
    expect((await ask(server, from(1))).body).toEqual({ allowed: true })
  })

  it('check-depth-exceeded minds the max-depth of the request', async () => {
    const server = await opened()
    await throwSwitch(server, 'check-depth-exceeded')
    const deep: Ask = ['GET', `${check[1]}&max-depth=2`]
    expect((await ask(server, deep)).body).toEqual({ allowed: false })
    await clearSwitches(server)
    const same: Ask = ['GET', check[1].replace('object=doc', 'object=mock-depth-0')]
    expect((await ask(server, same)).body).toEqual({ allowed: true })
  })

  it('check-cycle: the walk ends, for those too who are no members; a tree names the set twice at most', async () => {
    const server = await opened()
    await throwSwitch(server, 'check-cycle')
    const stranger: Ask = ['GET', check[1].replace('alice', 'mallory')]
    expect((await ask(server, stranger)).body).toEqual({ allowed: false })
    const tree = await ask(server, expand)
    expect(tree.status).toBe(200)
    expectSwitched(tree, 'check-cycle')
    expect(tree.text.match(/mock-cycle/g)).toHaveLength(1)
    expect((await tuples(server)).length).toBe(3)
  })

  it('expand-empty: nothing', async () => {
    const server = await opened()
    await throwSwitch(server, 'expand-empty')
    const answer = await ask(server, expand)
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual(
      dialect === 'wire'
        ? null
        : { type: 'leaf', subject_set: { namespace: 'files', object: 'mock-nothing', relation: 'view' } },
    )
    expectSwitched(answer, 'expand-empty')
  })

  describe('namespace-removed', () => {
    it('hides all tuples, and knows no namespace', async () => {
      const server = await opened()
      await throwSwitch(server, 'namespace-removed')
      const answer = await ask(server, all)
      expect(answer).toMatchObject({ status: 200, body: { relation_tuples: [] } })
      expectSwitched(answer, 'namespace-removed')
      expect((await ask(server, list)).status).toBe(404)
      await clearSwitches(server)
      expect(await tuples(server)).toEqual([tupleOf(THERE)])
    })

    it('hides those of the one that it names', async () => {
      const server = await opened()
      const other = tupleOf('groups:dev#member@carol')
      await ask(server, ['PUT', '/admin/relation-tuples', other])
      await throwSwitch(server, 'namespace-removed', { parameters: { namespace: 'files' } })
      expect(await tuples(server)).toEqual([other])
    })
  })

  describe('stale-read', () => {
    it('checks see a tuple a second after it was written', async () => {
      const server = await opened()
      await throwSwitch(server, 'stale-read')
      const bob: Ask = ['GET', `/relation-tuples/check/openapi?${query(NEW)}`]
      const written = await ask(server, create)
      expect(written.status).toBe(201)
      expectSwitched(written, 'stale-read')
      expect((await ask(server, bob)).body).toEqual({ allowed: false })
      // what was there before is seen all the time, and lists see everything
      expect((await ask(server, check)).body).toEqual({ allowed: true })
      expect(await tuples(server)).toHaveLength(2)
      server.world.clock.advance(999)
      expect((await ask(server, bob)).body).toEqual({ allowed: false })
      server.world.clock.advance(1)
      expect((await ask(server, bob)).body).toEqual({ allowed: true })
    })

    it('is as stale as is wished, for a patch too', async () => {
      const server = await opened()
      await throwSwitch(server, 'stale-read', { parameters: { for: '1m' } })
      const bob: Ask = ['POST', '/relation-tuples/check', tupleOf(NEW)]
      expect((await ask(server, patch)).status).toBe(204)
      server.world.clock.advance(59_000)
      expect((await ask(server, bob)).status).toBe(403)
      server.world.clock.advance(1000)
      expect((await ask(server, bob)).status).toBe(200)
    })
  })
})
