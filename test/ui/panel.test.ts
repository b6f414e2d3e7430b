import { readdirSync, readFileSync } from 'node:fs'
import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { makeMock } from '../support/running-mock.ts'

const SCRIPTS = new URL('../../src/ui/assets/panel/', import.meta.url)

async function client() {
  const { mock } = await makeMock({ fixture: 'team' })
  return supertest(createApp(mock))
}

/** The Host that supertest sends differs with every request; an Origin must be named beside it. */
const HOST = 'localhost:4000'

describe('the panel', () => {
  test('is a page at /__mock/ that loads only what lies below it', async () => {
    const http = await client()
    const { status, headers, text } = await http.get('/__mock/')
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    const loaded = [...text.matchAll(/<(?:link|script) [^>]*(?:href|src)="([^"]*)"/g)].map((match) => match[1] ?? '')
    expect(loaded).toHaveLength(4)
    for (const path of loaded) expect([path, (await http.get(`/__mock/${path}`)).status]).toEqual([path, 200])
    expect(text).not.toMatch(/(?:href|src)="(?:https?:)?\//)
  })

  test('names the sandbox that it is about, below its prefix too', async () => {
    const http = await client()
    expect((await http.get('/__mock/')).text).toContain('data-sandbox="default"')
    expect((await http.get('/~blue/__mock/')).text).toContain('data-sandbox="blue"')
    const { status, headers } = await http.get('/~blue/__mock')
    expect([status, new URL(headers['location'] ?? '').pathname]).toEqual([302, '/~blue/__mock/'])
  })

  test('every script of its is served, and what they import too', async () => {
    const http = await client()
    const files = readdirSync(SCRIPTS).filter((file) => file.endsWith('.js'))
    expect(files.length).toBeGreaterThan(8)
    for (const file of files) {
      const text = readFileSync(new URL(file, SCRIPTS), 'utf8')
      const { headers, text: served } = await http.get(`/__mock/assets/panel/${file}`)
      expect([file, headers['content-type']]).toEqual([file, 'text/javascript; charset=utf-8'])
      expect(served).toBe(text)
      for (const [, name = ''] of text.matchAll(/^import .* from '(.+\.js)'/gm)) {
        const { pathname } = new URL(name, `http://${HOST}/__mock/assets/panel/${file}`)
        expect([file, name, (await http.get(pathname)).status]).toEqual([file, name, 200])
      }
    }
  })

  test('runs nothing but its own scripts, and nobody may frame it', async () => {
    const policy = (await (await client()).get('/__mock/')).headers['content-security-policy']
    expect(policy).toContain("default-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
  })

  test('is not for pages of other origins, and is only read', async () => {
    const http = await client()
    const foreign = await http.get('/__mock/').set({ host: HOST, origin: 'http://localhost:3000' })
    expect(foreign.status).toBe(403)
    const own = await http.get('/__mock/').set({ host: HOST, origin: `http://${HOST}` })
    expect(own.status).toBe(200)
    const posted = await http.post('/__mock/').set('content-type', 'application/json').send('{}')
    expect([posted.status, posted.headers['allow']]).toEqual([405, 'GET, HEAD'])
    expect((await http.get('/__mock/assets/panel/../../page.ts')).status).toBe(404)
    expect((await http.get('/__mock/assets/panel/nothing.js')).status).toBe(404)
  })
})

describe('what it asks of the control API', () => {
  const json = { 'content-type': 'application/json' }

  test('a session is set as a cookie only when that is asked for', async () => {
    const http = await client()
    const make = (query: string) =>
      http.post(`/__mock/sessions${query}`).set(json).send({ identity: 'member@example.com' })
    expect((await make('')).headers['set-cookie']).toBeUndefined()
    const [cookie = ''] = [(await make('?set_cookie=true')).headers['set-cookie'] ?? ''].flat()
    expect(cookie).toMatch(/^ory_kratos_session=[^;]+;/)
    const whoami = await http.get('/sessions/whoami').set('cookie', cookie.split(';')[0] ?? '')
    expect(whoami.body.identity.traits.email).toBe('member@example.com')
  })

  test('the journal’s newest entries, as many as wanted', async () => {
    const http = await client()
    for (const path of ['/health/alive', '/version', '/sessions/whoami']) await http.get(path)
    const paths = async (query: string) =>
      (await http.get(`/__mock/journal${query}`)).body.map(({ path }: { path: string }) => path)
    expect(await paths('?limit=2')).toEqual(['/version', '/sessions/whoami'])
    expect(await paths('?limit=9')).toHaveLength(3)
    for (const limit of ['0', '-1', 'x', '']) {
      expect((await http.get(`/__mock/journal?limit=${limit}`)).status).toBe(400)
    }
  })

  test('what is thrown, without the catalogue', async () => {
    const http = await client()
    await http.post('/__mock/switches').set(json).send({ name: 'slow' })
    const { body } = await http.get('/__mock/switches?active=true')
    expect(body).toEqual({ active: [expect.objectContaining({ name: 'slow' })] })
    expect((await http.get('/__mock/switches')).body.catalogue.length).toBeGreaterThan(20)
  })

  test('the scenarios that can be chosen', async () => {
    const { body } = await (await client()).get('/__mock/scenarios')
    expect(body).toContainEqual({ name: 'expired-flow', title: expect.any(String), story: expect.any(String) })
  })
})
