import { Secret, TOTP } from 'otpauth'
import request from 'supertest'
import { describe, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import { createMock } from '../../src/create-mock.ts'
import { applyFixture } from '../../src/simulation/build-world.ts'

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
const EMAIL = 'two@example.com'

describe.each(['spec', 'wire'] as const)('a PATCH of an identity (%s)', (dialect) => {
  it('keeps its authenticator app, which the real servers lose', async () => {
    const mock = createMock({ dialect })
    const { world } = mock.sandboxes.enter('default').sandbox
    applyFixture(world, { identities: [{ email: EMAIL, password: 'a-long-passphrase-1', totp: SECRET }] })
    const client = request(createApp(mock))
    const id = [...world.identities.values()][0]?.id
    const patch = [{ op: 'replace', path: '/traits/name', value: { first: 'Changed' } }]
    const patched = await client.patch(`/admin/identities/${id}`).set('Authorization', 'Bearer any').send(patch)
    expect(patched.status).toBe(200)
    // shown as the real servers show it in wire; where the document counts, as it is
    expect('totp' in patched.body.credentials).toBe(dialect === 'spec')

    const flow = (await client.get('/self-service/login/api')).body.id
    const first = await client
      .post(`/self-service/login?flow=${flow}`)
      .send({ method: 'password', identifier: EMAIL, password: 'a-long-passphrase-1' })
    const token = first.body.session_token
    const second = (await client.get('/self-service/login/api?aal=aal2').set('X-Session-Token', token)).body.id
    const code = new TOTP({ secret: Secret.fromBase32(SECRET) }).generate({ timestamp: world.now() })
    const raised = await client
      .post(`/self-service/login?flow=${second}`)
      .set('X-Session-Token', token)
      .send({ method: 'totp', totp_code: code })
    expect(raised.body.session.authenticator_assurance_level).toBe('aal2')
  })
})
