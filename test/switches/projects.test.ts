import { describe, expect, it } from 'vitest'
import { sections } from '../../src/simulation/switches/catalogue.ts'
import type { SwitchName } from '../../src/simulation/switches/switch-names.ts'
import type { Answer, Method, Server } from '../support/people.ts'
import { clearSwitches, expectSwitched, inBothDialects, throwSwitch } from '../support/switching.ts'
import { NAMES } from './names.ts'

/* ecosystem §4.9: the console's API of projects. */

it('every name of the section is in the catalogue, and no other', () => {
  expect(Object.keys(sections.Projects)).toEqual(NAMES['4.9 Console API'])
})

interface Project {
  readonly id: string
  readonly name: string
  readonly state: string
  readonly services: unknown
}

type Ask = (project: Project) => readonly [method: Method, path: string, body?: unknown]

const LIFESPAN = '/services/identity/config/session/lifespan'

const list: Ask = () => ['GET', '/projects']
const create: Ask = () => ['POST', '/projects', { name: 'Another' }]
const get: Ask = ({ id }) => ['GET', `/projects/${id}`]
const patch: Ask = ({ id }) => ['PATCH', `/projects/${id}`, [{ op: 'replace', path: LIFESPAN, value: '2h' }]]
const put: Ask = ({ id, name, services }) => ['PUT', `/projects/${id}`, { name, services }]
const purge: Ask = ({ id }) => ['DELETE', `/projects/${id}`, {}]
const members: Ask = ({ id }) => ['GET', `/projects/${id}/members`]
const dismiss: Ask = ({ id }) => ['DELETE', `/projects/${id}/members/6f0b6c0e-0000-4000-8000-000000000000`, {}]

const ALL = { list, create, get, patch, put, purge }
const WITH_MEMBERS = { ...ALL, members, dismiss }

interface Row {
  readonly name: SwitchName
  readonly asks: Readonly<Record<string, Ask>>
  readonly status: number
  readonly says: RegExp
}

const ROWS: readonly Row[] = [
  { name: 'console-unauthenticated', asks: WITH_MEMBERS, status: 401, says: /Access credentials are invalid/ },
  { name: 'console-forbidden', asks: ALL, status: 403, says: /Access credentials are not sufficient/ },
  { name: 'project-not-found', asks: ALL, status: 404, says: /The requested resource could not be found/ },
  { name: 'project-patch-invalid', asks: { patch }, status: 400, says: /nowhere/ },
  { name: 'project-config-invalid', asks: { patch, put }, status: 400, says: /Unable to validate config: .*lifespan/s },
  { name: 'members-not-acceptable', asks: { members, dismiss }, status: 406, says: /member/ },
  { name: 'member-remove-invalid', asks: { dismiss }, status: 400, says: /cannot be removed/ },
  { name: 'console-default-error', asks: ALL, status: 503, says: /Service Unavailable/ },
]

const CASES = ROWS.flatMap((row) =>
  Object.entries(row.asks).map(([what, ask]) => [row.name, what, { ...row, ask }] as const),
)

inBothDialects((open, dialect) => {
  const ask = (server: Server, [method, path, json]: ReturnType<Ask>): Promise<Answer> =>
    server.browser().send(method, path, json === undefined ? {} : { json })

  const first = async (server: Server): Promise<Project> => {
    const [{ id }] = (await ask(server, ['GET', '/projects'])).body
    return (await ask(server, ['GET', `/projects/${id}`])).body
  }

  it.each(CASES)('%s: %s', async (name, _what, row) => {
    const server = open()
    const before = await first(server)
    await throwSwitch(server, name)
    const answer = await ask(server, row.ask(before))
    const { code, message } = answer.body.error
    expect({ status: answer.status, code, text: answer.text }).toEqual({
      status: row.status,
      code: row.status,
      text: expect.stringMatching(row.says),
    })
    // flat beside the envelope, where the document wants it so
    expect(answer.body.message).toBe(dialect === 'spec' ? message : undefined)
    expectSwitched(answer, name)
    await clearSwitches(server)
    expect(await first(server)).toEqual(before)
    expect((await server.browser().get('/projects')).body).toHaveLength(1)
  })

  it.each([418, 502, 599])('console-default-error: %i, where it is asked for', async (status) => {
    const server = open()
    await throwSwitch(server, 'console-default-error', { parameters: { status } })
    const answer = await ask(server, ['GET', '/projects'])
    expect(answer.status).toBe(status)
    expect(answer.body.error.code).toBe(status)
    expectSwitched(answer, 'console-default-error')
  })

  describe('project-warnings', () => {
    it.each([['patch', patch] as const, ['put', put] as const])('%s: what is ignored is told', async (_, request) => {
      const server = open()
      const project = await first(server)
      expect((await ask(server, request(project))).body.warnings).toEqual([])
      await throwSwitch(server, 'project-warnings')
      const answer = await ask(server, request(project))
      expect(answer.status).toBe(200)
      expect(answer.body.warnings).toHaveLength(1)
      expect(answer.body.warnings[0].message).toMatch(/hashers/)
      expectSwitched(answer, 'project-warnings')
    })
  })

  it('project-halted: in the list and alone', async () => {
    const server = open()
    const project = await first(server)
    expect(project.state).toBe('running')
    await throwSwitch(server, 'project-halted', { times: 1 })
    const listed = await ask(server, ['GET', '/projects'])
    expect(listed).toMatchObject({ status: 200, body: [{ state: 'halted' }] })
    expectSwitched(listed, 'project-halted')
    expect((await ask(server, get(project))).body.state).toBe('halted')
  })

  it('members-not-acceptable: the last member stays', async () => {
    const server = open()
    const project = await first(server)
    const [member] = (await ask(server, members(project))).body
    await throwSwitch(server, 'members-not-acceptable', { operation: 'removeProjectMember' })
    const remove = ['DELETE', `/projects/${project.id}/members/${member.id}`, {}] as const
    expect((await ask(server, remove)).status).toBe(406)
    expect((await ask(server, members(project))).body).toEqual([member])
  })
})
