import { Configuration, ReadApi, V0alpha2Api, WriteApi } from '@ory/client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import { createMock } from '../../src/create-mock.ts'
import { type Listening, listen } from '../../src/http/listen.ts'

let listening: Listening
let api: V0alpha2Api
let base: string
const failures: string[] = []

const configuration = (path = '') => new Configuration({ basePath: `${base}${path}`, accessToken: 'ory_pat_any' })

beforeEach(async () => {
  failures.length = 0
  listening = await listen(createApp(createMock({ onFailure: (_error, what) => failures.push(what) })), 0)
  base = `http://127.0.0.1:${listening.port}`
  api = new V0alpha2Api(configuration())
})

afterEach(async () => {
  await listening.close()
  expect(failures).toEqual([])
})

describe('@ory/client with a token', () => {
  it('creates, lists, reads, changes and purges a project, and works with its world', async () => {
    const created = await api.createProject({ name: 'Shop' })
    expect(created.status).toBe(201)
    const { id, slug, services } = created.data
    expect(services.identity?.config).toHaveProperty('selfservice.flows.login.lifespan', '30m0s')
    expect((await api.listProjects()).data.map(({ name }) => name)).toEqual(['demo', 'Shop'])
    expect((await api.getProject(id)).data).toEqual(created.data)

    const patched = await api.patchProject(id, [
      { op: 'add', path: '/services/permission/config/namespaces/-', value: { id: 0, name: 'carts' } },
      { op: 'replace', path: '/services/identity/config/selfservice/flows/login/lifespan', value: '5m' },
    ])
    expect([patched.status, patched.data.warnings]).toEqual([200, []])
    const tuple = { namespace: 'carts', object: '1', relation: 'view', subject_id: 'ann' }
    const world = configuration(`/~${slug}`)
    expect((await new WriteApi(world).createRelationTuple(tuple)).status).toBe(201)
    expect((await new ReadApi(world).getCheck('carts', '1', 'view', 'ann')).data.allowed).toBe(true)
    const flow = (await new V0alpha2Api(world).initializeSelfServiceLoginFlowWithoutBrowser()).data
    expect(Date.parse(flow.expires_at) - Date.parse(flow.issued_at)).toBe(5 * 60_000)

    const put = await api.updateProject(id, { name: 'Renamed', services: patched.data.project.services })
    expect(put.data.project.name).toBe('Renamed')
    expect((await api.purgeProject(id)).status).toBe(204)
    expect(await status(api.getProject(id))).toBe(404)
    expect((await api.listProjects()).data).toHaveLength(1)
  })

  it('reads members, and learns that the last one stays', async () => {
    const { id } = (await api.createProject({ name: 'Shop' })).data
    const { data } = await api.getProjectMembers(id)
    expect(data).toHaveLength(1)
    expect(await status(api.removeProjectMember(id, data[0]?.id ?? ''))).toBe(406)
  })

  it('reads what the validator says against a configuration', async () => {
    const { id } = (await api.createProject({ name: 'Shop' })).data
    const path = '/services/identity/config/selfservice/methods/password/enabled'
    const { response } = await api.patchProject(id, [{ op: 'replace', path, value: 'yes' }]).catch((error) => error)
    expect(response.status).toBe(400)
    expect(response.data.error.message).toBe('The request was malformed or contained invalid parameters')
    expect(response.data.error.reason).toContain('expected boolean, but got string')
  })
})

const status = (call: Promise<{ status: number }>) =>
  call.then(
    (reply) => reply.status,
    (error) => error.response.status,
  )
