import { Configuration, type SelfServiceLoginFlow, type SelfServiceRegistrationFlow, V0alpha2Api } from '@ory/client'
import { TOTP } from 'otpauth'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CookieJar } from '../support/cookie-jar.ts'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'
import { CLIENTS, failureOf } from './ory-clients.ts'

const PASSWORD = 'correct-horse-battery-staple'
const TOTP_SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
const WRONG_CREDENTIALS = 4000006

let server: OnePortMock

beforeEach(async () => {
  server = await startOnePort({ fixture: 'team', clock: Date.now() })
})

afterEach(async () => {
  await server.close()
  expect(server.failures).toEqual([])
})

type AnyFlow = SelfServiceLoginFlow | SelfServiceRegistrationFlow

const csrfOf = (flow: AnyFlow): string => {
  const node = flow.ui.nodes.find(({ attributes }) => 'name' in attributes && attributes.name === 'csrf_token')
  return node !== undefined && 'value' in node.attributes ? String(node.attributes.value) : ''
}

const signUpBody = (email: string) =>
  ({ method: 'password', password: PASSWORD, traits: { email, name: { first: 'Ann' } } }) as const

const signInBody = (identifier: string, password = PASSWORD) =>
  ({ method: 'password', identifier, password_identifier: identifier, password }) as const

describe.each(CLIENTS)('$name', ({ connect, sendsEveryToken }) => {
  it('signs up, out and in as a native app', async () => {
    const ory = connect({ url: server.url })
    const registration = (await ory.initializeSelfServiceRegistrationFlowWithoutBrowser()).data
    const signedUp = await ory.submitSelfServiceRegistrationFlow(registration.id, signUpBody('ann@example.com'))
    const token = signedUp.data.session_token ?? ''
    expect((await ory.toSession(token)).data.identity.traits).toEqual(signUpBody('ann@example.com').traits)

    await ory.submitSelfServiceLogoutFlowWithoutBrowser({ session_token: token })
    expect((await failureOf(ory.toSession(token))).status).toBe(401)

    const login = (await ory.initializeSelfServiceLoginFlowWithoutBrowser()).data
    const refused = await failureOf(
      ory.submitSelfServiceLoginFlow(login.id, signInBody('ann@example.com', 'not-my-password')),
    )
    expect([refused.status, refused.data]).toMatchObject([400, { ui: { messages: [{ id: WRONG_CREDENTIALS }] } }])
    const signedIn = (await ory.submitSelfServiceLoginFlow(login.id, signInBody('ann@example.com'))).data
    const session = (await ory.toSession(signedIn.session_token)).data
    expect(session).toMatchObject({ id: signedIn.session.id, active: true, authenticator_assurance_level: 'aal1' })
  })

  it('signs up, out and in as a single-page app with a cookie jar', async () => {
    const ory = connect({ url: server.url, jar: new CookieJar() })
    const registration = (await ory.initializeSelfServiceRegistrationFlowForBrowsers()).data
    const signedUp = await ory.submitSelfServiceRegistrationFlow(registration.id, {
      ...signUpBody('bob@example.com'),
      csrf_token: csrfOf(registration),
    })
    expect(signedUp.data.session_token).toBeUndefined()
    expect((await ory.toSession()).data.identity.id).toBe(signedUp.data.identity.id)

    const { data: logout } = await ory.createSelfServiceLogoutFlowUrlForBrowsers()
    expect((await ory.submitSelfServiceLogoutFlow(logout.logout_token)).status).toBe(204)
    expect((await failureOf(ory.toSession())).status).toBe(401)

    const login = (await ory.initializeSelfServiceLoginFlowForBrowsers()).data
    const withoutToken = await failureOf(ory.submitSelfServiceLoginFlow(login.id, signInBody('bob@example.com')))
    expect([withoutToken.status, withoutToken.data]).toMatchObject([403, { error: { id: 'security_csrf_violation' } }])
    const csrf_token = csrfOf((await ory.getSelfServiceLoginFlow(login.id)).data)
    await ory.submitSelfServiceLoginFlow(login.id, { ...signInBody('bob@example.com'), csrf_token })
    expect((await ory.toSession()).data.active).toBe(true)
  })

  it('asks for the second factor of somebody who has one', async () => {
    const ory = connect({ url: server.url })
    const first = (await ory.initializeSelfServiceLoginFlowWithoutBrowser()).data
    const signedIn = await ory.submitSelfServiceLoginFlow(
      first.id,
      signInBody('two-factor@example.com', 'sand-castle-4711'),
    )
    const token = signedIn.data.session_token
    expect(await failureOf(ory.toSession(token))).toMatchObject({
      status: 403,
      data: { error: { id: 'session_aal2_required' } },
    })

    const second = (await ory.initializeSelfServiceLoginFlowWithoutBrowser(undefined, 'aal2', token)).data
    const totp_code = new TOTP({ secret: TOTP_SECRET }).generate({ timestamp: server.world().now() })
    await ory.submitSelfServiceLoginFlow(second.id, { method: 'totp', totp_code }, token)
    const { data: session } = await ory.toSession(token)
    expect(session.authenticator_assurance_level).toBe('aal2')
    expect(session.authentication_methods?.map(({ method }) => method)).toEqual(['password', 'totp'])
  })

  it('lists and revokes the other sessions', async () => {
    const ory = connect({ url: server.url })
    const flow = (await ory.initializeSelfServiceLoginFlowWithoutBrowser()).data
    const body = signInBody('signed-in@example.com', 'sand-castle-4711')
    const token = (await ory.submitSelfServiceLoginFlow(flow.id, body)).data.session_token
    const others = (await ory.listSessions(token)).data
    expect(others.map(({ id }) => id)).toEqual(['5e550000-0000-4000-8000-000000000001'])
    expect((await ory.revokeSessions(token)).data).toEqual({ count: 1 })
    expect((await failureOf(ory.toSession('token-of-signed-in'))).status).toBe(401)
    expect((await ory.toSession(token)).status).toBe(200)
  })

  it('administers identities with a token, and not without one', async () => {
    const admin = connect({ url: server.url, token: 'any-token' })
    const traits = { email: 'made@example.com' }
    const { data: made } = await admin.adminCreateIdentity({ schema_id: 'default', traits })
    expect((await admin.adminGetIdentity(made.id)).data).toMatchObject({ id: made.id, state: 'active', traits })
    expect((await admin.adminListIdentities(250)).data).toHaveLength(7)
    const update = {
      schema_id: 'default',
      state: 'inactive',
      traits,
      credentials: {},
      metadata_public: { a: 1 },
    } as const
    expect((await admin.adminUpdateIdentity(made.id, update)).data).toMatchObject({ state: 'inactive' })
    await admin.adminDeleteIdentity(made.id)
    expect((await failureOf(admin.adminGetIdentity(made.id))).status).toBe(404)

    const anybody = connect({ url: server.url })
    expect((await failureOf(anybody.adminListIdentities())).status).toBe(401)
  })

  it('administers the sessions of an identity', async () => {
    const admin = connect({ url: server.url, token: 'any-token' })
    const identity = '7ea00000-0000-4000-8000-000000000006'
    const [session] = (await admin.adminListIdentitySessions(identity)).data
    expect(session?.id).toBe('5e550000-0000-4000-8000-000000000001')
    expect((await admin.adminExtendSession(session?.id ?? '')).data.id).toBe(session?.id)
    await admin.adminDeleteIdentitySessions(identity)
    expect((await failureOf(admin.toSession('token-of-signed-in'))).status).toBe(401)
  })

  it(`${sendsEveryToken ? 'sends' : 'does not send'} a token for a recovery link`, async () => {
    const admin = connect({ url: server.url, token: 'any-token' })
    const call = admin.adminCreateSelfServiceRecoveryLink({ identity_id: '7ea00000-0000-4000-8000-000000000001' })
    if (sendsEveryToken) expect((await call).data.recovery_link).toContain(`${server.url}/self-service/recovery?flow=`)
    else expect((await failureOf(call)).status).toBe(401)
  })
})

describe('@ory/client alone', () => {
  const ory = () => new V0alpha2Api(new Configuration({ basePath: server.url, accessToken: 'any-token' }))

  it('patches an identity', async () => {
    const id = '7ea00000-0000-4000-8000-000000000005'
    const { data } = await ory().adminPatchIdentity(id, [{ op: 'replace', path: '/state', value: 'active' }])
    expect(data.state).toBe('active')
    expect((await ory().adminGetIdentity(id)).data.state).toBe('active')
  })

  it('reads the identity schemas', async () => {
    const { data: schemas } = await ory().listIdentitySchemas()
    expect(schemas.map(({ name }) => name)).toContain('default')
    expect((await ory().getIdentitySchema('default')).data).toMatchObject({ name: 'default', title: 'Person' })
  })
})
