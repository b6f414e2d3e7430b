import { createHash } from 'node:crypto'
import { createContext, runInContext } from 'node:vm'
import { beforeEach, describe, expect, it } from 'vitest'
import { WEBAUTHN_SCRIPT_INTEGRITY } from '../../src/flows/webauthn-script.ts'
import { Server } from '../support/people.ts'

let script: string
beforeEach(async () => {
  const { status, text } = await new Server().browser().get('/.well-known/ory/webauthn.js', { html: true })
  expect(status).toBe(200)
  script = text
})

const bytes = (text: string) => Uint8Array.from(Buffer.from(text)).buffer
const base64 = (text: string) => Buffer.from(text).toString('base64')
const base64Url = (text: string) => Buffer.from(text).toString('base64url')

/** A page with one form, and a browser whose keys answer as told. */
function page(answer: { readonly credential?: object; readonly error?: string; readonly unsupported?: boolean }) {
  const seen = { asked: [] as object[], alerts: [] as string[], submits: 0 }
  const fields: Record<string, { value: string; closest?: () => object }> = {}
  const ask = async (options: object) => {
    seen.asked.push(options)
    if (answer.error !== undefined) throw answer.error
    return answer.credential
  }
  const form = { submit: () => seen.submits++ }
  const globals: Record<string, unknown> = {
    atob,
    btoa,
    alert: (text: unknown) => seen.alerts.push(String(text)),
    navigator: { credentials: { get: ask, create: ask } },
    document: {
      querySelector: (selector: string) => {
        fields[selector] ??= { value: '', closest: () => form }
        return fields[selector]
      },
    },
    ...(answer.unsupported ? {} : { PublicKeyCredential: class {} }),
  }
  globals['window'] = globals
  const context = createContext(globals)
  const run = (code: string) => runInContext(code, context)
  run(script)
  return { seen, run, fields, settled: () => new Promise((resolve) => setImmediate(resolve)) }
}

const LOGIN = {
  publicKey: {
    challenge: base64('challenge??>'),
    rpId: 'localhost',
    allowCredentials: [{ type: 'public-key', id: base64('key') }],
  },
}

describe('webauthn.js', () => {
  it('is what the integrity in the forms says', () => {
    expect(WEBAUTHN_SCRIPT_INTEGRITY).toBe(`sha512-${createHash('sha512').update(script).digest('base64')}`)
  })

  it('asks for a known key, writes its answer into the form and submits it', async () => {
    const credential = {
      id: 'a2V5',
      rawId: bytes('key'),
      type: 'public-key',
      response: {
        authenticatorData: bytes('data??>'),
        clientDataJSON: bytes('{}'),
        signature: bytes('sig'),
        userHandle: null,
      },
    }
    const { seen, run, fields, settled } = page({ credential })
    run(`__oryWebAuthnLogin(${JSON.stringify(LOGIN)})`)
    await settled()
    const [asked] = seen.asked as [{ publicKey: { challenge: Uint8Array; allowCredentials: { id: Uint8Array }[] } }]
    expect(Buffer.from(asked.publicKey.challenge).toString()).toBe('challenge??>')
    expect(Buffer.from(asked.publicKey.allowCredentials[0]?.id ?? []).toString()).toBe('key')
    expect(JSON.parse(fields['*[name="webauthn_login"]']?.value ?? '')).toEqual({
      id: 'a2V5',
      rawId: base64Url('key'),
      type: 'public-key',
      response: {
        authenticatorData: base64Url('data??>'),
        clientDataJSON: base64Url('{}'),
        signature: base64Url('sig'),
        userHandle: '',
      },
    })
    expect([seen.submits, seen.alerts]).toEqual([1, []])
  })

  it('asks for a new key, wherever the form keeps its fields', async () => {
    const response = { attestationObject: bytes('object'), clientDataJSON: bytes('{}') }
    const { seen, run, fields, settled } = page({
      credential: { id: 'a', rawId: bytes('a'), type: 'public-key', response },
    })
    const options = { publicKey: { challenge: base64('c'), user: { id: base64('ann'), name: 'placeholder' } } }
    run(`__oryWebAuthnRegistration(${JSON.stringify(options)}, '#result', '#trigger')`)
    await settled()
    const [asked] = seen.asked as [{ publicKey: { user: { id: Uint8Array; name: string } } }]
    expect(Buffer.from(asked.publicKey.user.id).toString()).toBe('ann')
    expect(asked.publicKey.user.name).toBe('placeholder')
    expect(JSON.parse(fields['#result']?.value ?? '').response).toEqual({
      attestationObject: base64Url('object'),
      clientDataJSON: base64Url('{}'),
    })
    expect(seen.submits).toBe(1)
  })

  it('says what went wrong, and submits nothing then', async () => {
    const { seen, run, settled } = page({ error: 'NotAllowedError' })
    run(`__oryWebAuthnLogin(${JSON.stringify(LOGIN)})`)
    await settled()
    expect([seen.submits, seen.alerts]).toEqual([0, ['NotAllowedError']])
  })

  it('says that a browser knows no keys', async () => {
    const { seen, run } = page({ unsupported: true })
    expect(seen.alerts).toEqual(['This browser does not support WebAuthn!'])
    run(`__oryWebAuthnLogin(${JSON.stringify(LOGIN)})`)
    expect(seen.asked).toEqual([])
  })

  it('runs once, however often a page loads it', () => {
    const { run } = page({})
    run('kept = __oryWebAuthnLogin')
    run(script)
    expect(run('kept === __oryWebAuthnLogin && __oryWebAuthnInitialized')).toBe(true)
  })
})
