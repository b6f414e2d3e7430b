import { beforeEach, describe, expect, it } from 'vitest'
import { type Console, console, identity, permission, UUID } from './console.ts'

let server: Console
beforeEach(() => {
  server = console()
})

const NOT_FOUND = { code: 404, status: 'Not Found', message: 'The requested resource could not be found' }

describe('the project of the server', () => {
  it('is the one that a new server lists, with an id that is the same on every server', async () => {
    const { body } = await server.agent.get('/projects')
    expect(body).toHaveLength(1)
    expect(body[0]).toMatchObject({ name: 'demo', slug: 'default', state: 'running', subscription_id: null })
    expect(body[0].id).toMatch(UUID)
    expect(await console({ seed: 'other' }).own()).toBe(body[0].id)
  })

  it('shows the configuration of its world', async () => {
    const { body } = await server.agent.get(`/projects/${await server.own()}`)
    const { config } = body.services.identity
    expect(config.selfservice.flows.login.lifespan).toBe('30m0s')
    expect(config.selfservice.methods.totp).toEqual({ enabled: true, config: { issuer: 'Demo' } })
    expect(config.identity.default_schema_id).toBe('default')
    expect(config.mock).toBeUndefined()
    expect(body.services.permission.config).toEqual({ namespaces: [] })
  })

  it('shows Kratos’ defaults where a server’s own configuration leaves keys out, and neither secrets nor ports', async () => {
    server = console({
      config: { session: { lifespan: '1.5h' }, secrets: { cookie: ['x'.repeat(32)] }, dsn: 'memory' },
    })
    const { body } = await server.agent.get(`/projects/${await server.own()}`)
    const { config } = body.services.identity
    expect(config.session).toMatchObject({ lifespan: '1h30m0s', whoami: { required_aal: 'highest_available' } })
    expect(config.selfservice.flows.recovery.enabled).toBe(false)
    expect(Object.keys(config)).toEqual(['cookies', 'courier', 'identity', 'selfservice', 'serve', 'session'])
  })

  it('changes what its flows do, at once', async () => {
    const id = await server.own()
    const expiry = async () => {
      const { body } = await server.agent.get('/self-service/login/api')
      return Date.parse(body.expires_at) - Date.parse(body.issued_at)
    }
    const groups = async () => {
      const { body } = await server.agent.get('/self-service/login/api')
      return body.ui.nodes.map((node: { group: string }) => node.group)
    }
    expect(await expiry()).toBe(30 * 60_000)
    expect(await groups()).toContain('password')
    const reply = await server.patch(id, [
      { op: 'replace', path: identity('/selfservice/flows/login/lifespan'), value: '90m' },
      { op: 'replace', path: identity('/selfservice/methods/password/enabled'), value: false },
    ])
    expect([reply.status, reply.body.warnings]).toEqual([200, []])
    expect(reply.body.project.services.identity.config.selfservice.flows.login.lifespan).toBe('1h30m0s')
    expect(await expiry()).toBe(90 * 60_000)
    expect(await groups()).not.toContain('password')
  })

  it('is emptied when it is purged, and not found from then on', async () => {
    const id = await server.own()
    await server.patch(id, [{ op: 'add', path: permission('/namespaces/-'), value: { id: 1, name: 'files' } }])
    await server.agent
      .put('/admin/relation-tuples')
      .send({ namespace: 'files', object: 'a', relation: 'b', subject_id: 'c' })
    expect((await server.agent.delete(`/projects/${id}`)).status).toBe(204)
    expect((await server.agent.get('/relation-tuples')).body.relation_tuples).toEqual([])
    for (const reply of [await server.agent.get(`/projects/${id}`), await server.agent.delete(`/projects/${id}`)]) {
      expect([reply.status, reply.body.error]).toEqual([404, NOT_FOUND])
    }
    expect((await server.agent.get('/projects')).body).toEqual([])
  })
})

describe('POST /projects', () => {
  it('creates a project with the defaults of Ory Network', async () => {
    const reply = await server.agent.post('/projects').send({ name: 'My App' })
    expect(reply.status).toBe(201)
    const { id, revision_id, slug, services, ...rest } = reply.body
    expect([id, revision_id]).toEqual([expect.stringMatching(UUID), expect.stringMatching(UUID)])
    expect(slug).toMatch(/^[a-z]+-[a-z]+-[a-z0-9]{10}$/)
    expect(rest).toEqual({ name: 'My App', state: 'running' })
    const { config } = services.identity
    expect(services.permission.config).toEqual({ namespaces: [] })
    expect(config.identity.default_schema_id).toBe('preset://email')
    expect(config.identity.schemas.map((schema: { id: string }) => schema.id)).toEqual([
      'preset://email',
      'preset://username',
    ])
    expect(config.session.cookie.name).toBe(`ory_session_${slug.replaceAll('-', '')}`)
    expect(config.courier.smtp.from_name).toBe('My App via Ory')
    expect(config.selfservice.methods).toMatchObject({
      password: { enabled: true, config: { max_breaches: 1, min_password_length: 8 } },
      totp: { enabled: false, config: { issuer: 'My App' } },
      webauthn: { enabled: false, config: { rp: { display_name: 'My App' } } },
      link: { enabled: true, config: { base_url: '', lifespan: '15m0s' } },
    })
    expect(config.selfservice.flows.registration.after.password.hooks).toEqual([{ hook: 'session' }])
    expect((await server.agent.get(`/projects/${id}`)).body).toEqual(reply.body)
  })

  it.each([{}, { name: '' }, { name: '  ' }, { name: 7 }])('refuses %j: a project needs a name', async (body) => {
    const reply = await server.agent.post('/projects').send(body)
    expect(reply.status).toBe(400)
    expect((await server.agent.get('/projects')).body).toHaveLength(1)
  })

  it('gives every project a world of its own, reached as a sandbox under its slug', async () => {
    const [one, two] = [await server.create('One'), await server.create('Two')]
    for (const { slug } of [one, two]) {
      const identities = `/~${slug}/admin/identities`
      const created = await server.agent
        .post(identities)
        .send({ schema_id: 'preset://email', traits: { email: 'a@b.co' } })
      expect(created.status).toBe(201)
      expect((await server.agent.get(identities)).body).toHaveLength(1)
      const host = await server.agent.get('/admin/identities').set('Host', `${slug}.projects.localhost`)
      expect(host.body).toHaveLength(1)
    }
    expect((await server.agent.get('/admin/identities')).body).toEqual([])
  })

  it('gives it the clock of the world that made it', async () => {
    server = console({ clock: Date.parse('2022-07-27T12:00:00Z') })
    const { slug } = await server.create()
    const { body } = await server.agent.get(`/~${slug}/self-service/login/api`)
    expect(body.issued_at).toBe('2022-07-27T12:00:00Z')
  })

  it('makes a namespace usable at once, in that project alone', async () => {
    const { id, slug } = await server.create()
    const tuple = { namespace: 'videos', object: 'a', relation: 'view', subject_id: 'ann' }
    const write = (prefix: string) => server.agent.put(`${prefix}/admin/relation-tuples`).send(tuple)
    expect((await write(`/~${slug}`)).status).toBe(404)
    await server.patch(id, [{ op: 'add', path: permission('/namespaces/-'), value: { id: 0, name: 'videos' } }])
    expect((await write(`/~${slug}`)).status).toBe(201)
    expect((await write('')).status).toBe(404)
  })
})

describe('the list of projects', () => {
  it('has the server’s own first, then the created ones, with the hosts that lead to them', async () => {
    const { id, slug } = await server.create('Second')
    const { body } = await server.agent.get('/projects').set('Host', 'localhost:4000')
    expect(body.map((project: { name: string }) => project.name)).toEqual(['demo', 'Second'])
    expect(body[1]).toMatchObject({
      id,
      slug,
      hosts: [`${slug}.projects.localhost:4000`, `${slug}.localhost:4000`],
    })
  })

  it('is each sandbox’s own', async () => {
    await server.create()
    expect((await server.agent.get('/~other/projects')).body.map((p: { slug: string }) => p.slug)).toEqual(['other'])
  })

  it('holds in a created project that project alone', async () => {
    const { id, slug } = await server.create()
    expect((await server.agent.get(`/~${slug}/projects`)).body.map((p: { id: string }) => p.id)).toEqual([id])
  })
})

describe('a purged project', () => {
  it('is gone with its world, and no other', async () => {
    const [one, two] = [await server.create('One'), await server.create('Two')]
    const add = ({ slug }: { slug: string }) =>
      server.agent.post(`/~${slug}/admin/identities`).send({ schema_id: 'preset://email', traits: { email: 'a@b.co' } })
    await add(one)
    await add(two)
    const reply = await server.agent.delete(`/projects/${one.id}`)
    expect([reply.status, reply.text]).toEqual([204, ''])
    for (const each of ['get', 'delete'] as const) {
      expect((await server.agent[each](`/projects/${one.id}`)).status).toBe(404)
    }
    expect((await server.agent.get(`/projects/${one.id}/members`)).status).toBe(404)
    expect((await server.agent.get(`/~${one.slug}/admin/identities`)).body).toEqual([])
    expect((await server.agent.get(`/~${two.slug}/admin/identities`)).body).toHaveLength(1)
    expect((await server.agent.get('/projects')).body.map((p: { name: string }) => p.name)).toEqual(['demo', 'Two'])
  })

  it.each(['nope', '__proto__', '00000000-0000-4000-8000-000000000000'])('is as unknown as %s', async (id) => {
    const reply = await server.agent.get(`/projects/${id}`)
    expect([reply.status, reply.body.error]).toEqual([404, NOT_FOUND])
  })

  it('ends with the sandbox that created it', async () => {
    const { body } = await server.agent.post('/~team/projects').send({ name: 'Theirs' })
    expect(server.mock.sandboxes.get(body.slug)).toBeDefined()
    server.mock.sandboxes.dispose('team')
    expect(server.mock.sandboxes.get(body.slug)).toBeUndefined()
  })
})

describe('a project', () => {
  it('is not disposed of for being idle, unless its maker has forgotten it', async () => {
    server = console({ sandboxTtl: -1 })
    const [kept, forgotten] = [await server.create('Kept'), await server.create('Forgotten')]
    server.mock.sandboxes.enter('default').sandbox.world.createdProjects.delete(forgotten.id)
    await server.agent.get('/~any/health/alive')
    expect(server.mock.sandboxes.get(kept.slug)).toBeDefined()
    expect(server.mock.sandboxes.get(forgotten.slug)).toBeUndefined()
  })

  it('is refused when there are as many sandboxes as there may be', async () => {
    server = console({ maxSandboxes: 2 })
    await server.create()
    const reply = await server.agent.post('/projects').send({ name: 'One too many' })
    expect(reply.status).toBe(403)
    expect(reply.body.error.reason).toContain('--max-sandboxes')
    expect((await server.agent.get('/projects')).body).toHaveLength(2)
  })

  it('comes back with a snapshot of its maker', async () => {
    const { world } = server.mock.sandboxes.enter('default').sandbox
    const before = world.snapshot()
    const { id } = await server.create()
    const after = world.snapshot()
    world.restore(before)
    expect((await server.agent.get(`/projects/${id}`)).status).toBe(404)
    world.restore(after)
    expect((await server.agent.get(`/projects/${id}`)).status).toBe(200)
  })
})

describe('members', () => {
  it('are whoever has a token, and one must stay', async () => {
    const { id } = await server.create()
    const { body } = await server.agent.get(`/projects/${id}/members`)
    expect(body).toEqual([{ id: expect.stringMatching(UUID), email: 'owner@mock.test', name: 'Owner' }])
    const last = await server.agent.delete(`/projects/${id}/members/${body[0].id}`)
    expect([last.status, last.body.error.status]).toEqual([406, 'Not Acceptable'])
    expect((await server.agent.delete(`/projects/${id}/members/nobody`)).status).toBe(404)
    expect((await server.agent.get(`/projects/${id}/members`)).body).toHaveLength(1)
  })

  it('are removed', async () => {
    const { id, slug } = await server.create()
    const world = server.mock.sandboxes.enter(slug).sandbox.world
    const second = { id: '5f2b5a0e-0f0a-4f7e-9d2c-3c6f0b9a1d11', email: 'second@mock.test', name: 'Second' }
    if (world.project) world.project = { ...world.project, members: [...world.project.members, second] }
    expect((await server.agent.delete(`/projects/${id}/members/${second.id}`)).status).toBe(204)
    expect((await server.agent.get(`/projects/${id}/members`)).body).toHaveLength(1)
  })

  it.each(['get', 'delete'] as const)('of an unknown project are not found (%s)', async (method) => {
    const path = method === 'get' ? '/projects/nope/members' : '/projects/nope/members/any'
    const reply = await server.agent[method](path)
    expect([reply.status, reply.body.error]).toEqual([404, NOT_FOUND])
  })
})

describe('without a bearer', () => {
  it.each([
    ['get', '/projects'],
    ['post', '/projects'],
    ['get', '/projects/x'],
    ['put', '/projects/x'],
    ['patch', '/projects/x'],
    ['delete', '/projects/x'],
    ['get', '/projects/x/members'],
    ['delete', '/projects/x/members/y'],
  ] as const)('%s %s is refused', async (method, path) => {
    const reply = await server.agent[method](path).unset('Authorization')
    expect(reply.status).toBe(401)
    expect(reply.body.error.message).toBe('Access credentials are invalid')
  })
})
