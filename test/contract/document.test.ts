import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkDocument } from '../../src/contract/check.ts'
import { createContract } from '../../src/contract/contract.ts'
import { loadDocument, OVERLAYS, readOverlay, readPublished, SPEC } from '../../src/contract/document.ts'
import { submits } from './bodies.ts'
import { plainEov } from './plain-eov.ts'

describe('the published document', () => {
  it('is the file as published', () => {
    const text = readFileSync(new URL('ory-api.json', SPEC))
    expect(createHash('sha256').update(text).digest('hex')).toBe(
      '974591859d83197b30b0ae5546813f034d031b3070b26239bed76ee0ee82cdf1',
    )
  })

  it('is not changed by the overlays', () => {
    loadDocument('wire')
    expect(createContract({ dialect: 'wire' }).published()).toEqual(readPublished())
    expect(readPublished().components.securitySchemes).not.toHaveProperty('sessionToken')
  })
})

describe('the effective document', () => {
  it('is frozen, for all servers of a process share it', () => {
    const { document } = createContract({ dialect: 'spec' })
    expect(Object.isFrozen(document.paths['/sessions/whoami']?.['get']?.responses)).toBe(true)
    expect(createContract({ dialect: 'spec' })).toBe(createContract({ dialect: 'spec' }))
  })

  it('differs between the dialects by the overlay wire alone', () => {
    expect(OVERLAYS.wire).toEqual([...OVERLAYS.spec, 'wire'])
    expect(loadDocument('spec').paths).not.toEqual(loadDocument('wire').paths)
    expect(Object.keys(loadDocument('spec').paths)).toEqual(Object.keys(loadDocument('wire').paths))
  })

  it('has every action of an overlay say why', () => {
    for (const action of OVERLAYS.wire.flatMap((name) => readOverlay(name).actions)) {
      expect(action.description.length, action.target).toBeGreaterThan(10)
    }
  })

  it('works in plain express-openapi-validator, which needs the unions last', async () => {
    const document = loadDocument('spec')
    const { schemas } = document.components
    const byName = Object.fromEntries(Object.entries(schemas).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    const alphabetical = { ...document, components: { ...document.components, schemas: byName } }
    const refused = async (answer: ReturnType<typeof plainEov>) => {
      const statuses = submits.map(([path, body]) =>
        answer({
          method: 'POST',
          path,
          rawQuery: 'flow=x',
          headers: { 'content-type': 'application/json' },
          text: JSON.stringify(body),
        }),
      )
      return (await Promise.all(statuses)).filter((status) => status !== 204).length
    }
    expect(await refused(plainEov(document))).toBe(0)
    expect(await refused(plainEov(alphabetical))).toBeGreaterThan(0)
  })
})

describe('the operations', () => {
  const { operations, successOf } = createContract({ dialect: 'spec' })
  const documented = operations.filter(({ additional }) => !additional)

  it('are the 61 of the document and the additional routes', () => {
    expect(documented).toHaveLength(61)
    expect(operations.filter(({ additional }) => additional).map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /self-service/login',
      'GET /self-service/recovery',
      'GET /self-service/registration',
      'GET /self-service/settings',
      'GET /self-service/verification',
      'PUT /sessions/whoami',
      'POST /sessions/whoami',
      'DELETE /sessions/whoami',
      'OPTIONS /sessions/whoami',
      'PATCH /sessions/whoami',
      'GET /self-service/methods/oidc/callback/{provider}',
      'POST /self-service/methods/oidc/callback/{provider}',
      'GET /admin/health/alive',
      'GET /admin/health/ready',
      'GET /admin/version',
    ])
  })

  it('have ids of their own, and name the operation that answers in their place', () => {
    const ids = operations.map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(operations.find(({ operationId }) => operationId === 'toSessionByPost')?.sameAs).toBe('toSession')
    expect(operations.find(({ operationId }) => operationId === 'toSession')?.sameAs).toBe('toSession')
  })

  it('are secured by a bearer where the document says so', () => {
    expect(documented.filter(({ secured }) => secured)).toHaveLength(30)
    expect(operations.find(({ operationId }) => operationId === 'submitSelfServiceSettingsFlow')?.secured).toBe(false)
  })

  it('are five submits, whose bodies Ory judges itself', () => {
    expect(operations.filter(({ submits }) => submits).map(({ path }) => path)).toEqual([
      '/self-service/login',
      '/self-service/recovery',
      '/self-service/registration',
      '/self-service/settings',
      '/self-service/verification',
    ])
  })

  it('have a success', () => {
    expect(successOf('toSession')).toBe(200)
    expect(successOf('adminCreateIdentity')).toBe(201)
    expect(successOf('revokeSession')).toBe(204)
    expect(successOf('forwardSelfServiceOidcCallback')).toBe(303)
    expect(() => successOf('noSuchOperation')).toThrow('no operation "noSuchOperation"')
  })
})

describe('the check', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ory-mock-spec-'))
    cpSync(SPEC, folder, { recursive: true })
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const check = () => checkDocument(pathToFileURL(`${folder}/`))
  const edit = (file: string, change: (text: string) => string) => {
    const path = join(folder, file)
    writeFileSync(path, change(readFileSync(path, 'utf8')))
  }

  it('finds nothing in ours', async () => {
    expect(await checkDocument()).toEqual([])
  })

  it('reports a file that is no JSON', async () => {
    edit('overlays/wire.overlay.json', (text) => text.replace('"actions": [', '"actions": [,'))
    expect(await check()).toMatchObject([
      { file: expect.stringContaining('wire.overlay.json'), message: expect.stringContaining('JSON') },
    ])
  })

  it('reports an action that matches nothing, once, with its line', async () => {
    edit('overlays/corrections.overlay.json', (text) => text.replace('uiNodeImageAttributes', 'uiNodeImageAttribute'))
    const problems = await check()
    expect(problems).toHaveLength(1)
    expect(problems[0]?.message).toContain('matches nothing: $.components.schemas.uiNodeImageAttribute.')
    expect(problems[0]?.file).toContain('corrections.overlay.json')
    expect(problems[0]?.line).toBeGreaterThan(1)
    expect(problems[0]?.hint).toContain('Correct the target')
  })

  it('reports a document that is no OpenAPI', async () => {
    edit('ory-api.json', (text) => text.replace('"in": "path"', '"in": "nowhere"'))
    expect((await check())[0]?.message).toContain('with the overlays of the dialect spec')
  })
})
