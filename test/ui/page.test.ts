import { readdirSync, readFileSync } from 'node:fs'
import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import type { Listener } from '../../src/http/call.ts'
import { makeMock } from '../support/running-mock.ts'

const PAGES = ['login', 'registration', 'settings', 'recovery', 'verification', 'error', 'welcome']
const ASSETS = new URL('../../src/ui/assets/', import.meta.url)

async function client(listener: Listener = 'all', config?: Parameters<typeof makeMock>[0]['config']) {
  const { mock } = await makeMock(config === undefined ? {} : { config })
  return supertest(createApp(mock, listener))
}

describe('our own pages', () => {
  test('each of Ory Network’s pages is there, as HTML that loads only what the server has', async () => {
    const http = await client()
    for (const page of PAGES) {
      const { status, headers, text } = await http.get(`/ui/${page}`)
      expect([page, status, headers['content-type']]).toEqual([page, 200, 'text/html; charset=utf-8'])
      const loaded = [...text.matchAll(/(?:href|src)="(assets\/[^"]*)"/g)].map((match) => match[1])
      expect(loaded).toHaveLength(5)
      for (const path of loaded) expect([path, (await http.get(`/ui/${path}`)).status]).toEqual([path, 200])
      expect(text).not.toMatch(/(?:href|src)="(?:https?:)?\//)
    }
  })

  test('every file of theirs is served with its type', async () => {
    const http = await client()
    const types = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml' }
    const files = readdirSync(ASSETS).filter((name) => name !== 'panel')
    expect(files.length).toBeGreaterThan(10)
    for (const file of files) {
      const { headers, body, text } = await http.get(`/ui/assets/${file}`)
      const type = Object.entries(types).find(([ending]) => file.endsWith(`.${ending}`))?.[1]
      expect([file, headers['content-type']]).toEqual([file, type])
      expect(text ?? body.toString()).toBe(readFileSync(new URL(file, ASSETS), 'utf8'))
    }
  })

  test('nothing but their own scripts runs in them, and nobody may frame them', async () => {
    const http = await client()
    const policy = (await http.get('/ui/login')).headers['content-security-policy']
    expect(policy).toContain("default-src 'self';")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
  })

  test('the security key script may come from the configured address of the public API', async () => {
    const http = await client('all', { serve: { public: { base_url: 'http://localhost:9999/api/' } } })
    const policy = (await http.get('/ui/login')).headers['content-security-policy']
    expect(policy).toContain("script-src 'self' http://localhost:9999;")
  })

  test('nothing else of the disk is served', async () => {
    const http = await client()
    for (const path of ['/ui/assets/../page.ts', '/ui/page.ts', '/ui/assets/%2e%2e/page.ts', '/ui/assets/', '/ui/..']) {
      const { status } = await http.get(path)
      expect([path, status]).toEqual([path, 404])
    }
  })

  test('an unknown page says which there are; the address above them leads to the welcome page', async () => {
    const http = await client()
    const unknown = await http.get('/ui/nothing')
    expect(unknown.status).toBe(404)
    expect(unknown.body.error).toContain('/ui/settings')
    for (const path of ['/ui', '/ui/']) {
      const { status, headers } = await http.get(`/~blue${path}`)
      expect([status, new URL(headers['location'] ?? '').pathname]).toEqual([302, '/~blue/ui/welcome'])
    }
  })

  test('pages are only read: a form sent to one is refused with what to do', async () => {
    const http = await client()
    const { status, headers, body } = await http.post('/ui/login').send('identifier=a')
    expect([status, headers['allow']]).toEqual([405, 'GET, HEAD'])
    expect(body.error).toContain('ui.action')
    const head = await http.head('/ui/login')
    expect([head.status, head.text]).toEqual([200, undefined])
  })

  test('they stand on the public address, not on the admin one', async () => {
    expect((await (await client('public')).get('/ui/login')).status).toBe(200)
    expect((await (await client('admin')).get('/ui/login')).status).not.toBe(200)
  })

  test('they offer only the flows that the project has', async () => {
    const none = await client('all', { selfservice: { flows: { registration: { enabled: false } } } })
    expect((await none.get('/ui/login')).text).toContain('data-enabled=""')
    expect((await (await client()).get('/ui/login')).text).toContain(
      'data-enabled="registration recovery verification"',
    )
  })
})
