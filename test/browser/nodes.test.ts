import type { Page, Request } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { messages } from '../../src/flows/messages.ts'
import { imageNode, inputNode, type Nodes, scriptNode, submitNode, textNode } from '../../src/flows/nodes.ts'
import type { FlowKind, UiText } from '../../src/state/records.ts'
import { createOryMock } from '../../src/test-api/create-ory-mock.ts'
import type { OryMock } from '../../src/test-api/ory-mock.ts'
import { describeInBrowser } from '../support/browser.ts'

const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

const csrf = inputNode('csrf_token', 'default', 'hidden', { value: 'the-token', required: true })
const label = messages.traitLabel

describeInBrowser('whatever nodes a flow holds', ({ open }) => {
  let mock: OryMock

  beforeAll(async () => {
    mock = await createOryMock()
  })
  afterAll(async () => {
    await mock.close()
  })

  /** The page of a flow with these nodes. */
  async function show(kind: FlowKind, nodes: Nodes, messages: readonly UiText[] = []): Promise<Page> {
    const page = await open()
    const ui = { action: `${mock.url}/sent`, method: 'POST', nodes, messages }
    await page.route('**/flows?id=*', (route) => route.fulfill({ json: { id: 'f', ui } }))
    await page.route('**/sent', (route) => route.fulfill({ contentType: 'text/html', body: '<h1>Sent</h1>' }))
    await page.goto(`${mock.url}/ui/${kind}?flow=f`)
    await page.locator('#content:not([aria-busy])').waitFor()
    return page
  }

  /** What the form sends when that button is pressed, as pairs of names and values in their order. */
  async function press(page: Page, button: string): Promise<readonly (readonly [string, string])[]> {
    const [request] = await Promise.all([
      page.waitForRequest('**/sent'),
      page.getByRole('button', { name: button }).click(),
    ])
    return [...new URLSearchParams(bodyOf(request))]
  }

  test('fields of every type keep their values, and send what was entered', async () => {
    const page = await show('settings', [
      csrf,
      inputNode('traits.email', 'profile', 'email', {
        value: 'a@example.com',
        autocomplete: 'email',
        label: label('E'),
      }),
      inputNode('traits.site', 'profile', 'url', { value: 'https://example.com', label: label('Site') }),
      inputNode('traits.phone', 'profile', 'tel', { value: '+49 30 1', label: label('Phone') }),
      inputNode('traits.age', 'profile', 'number', { value: 4.5, label: label('Age') }),
      inputNode('traits.born', 'profile', 'date', { value: '2001-02-03', label: label('Born') }),
      inputNode('traits.seen', 'profile', 'datetime-local', { value: '2022-07-27T10:20:30Z', label: label('Seen') }),
      inputNode('traits.news', 'profile', 'checkbox', { value: true, label: label('News') }),
      inputNode('traits.spam', 'profile', 'checkbox', { label: label('Spam') }),
      inputNode('traits.untitled', 'profile', 'text'),
      submitNode('method', 'profile', 'profile', messages.save()),
    ])
    await page.getByLabel('untitled').fill('free text')
    expect(await press(page, 'Save')).toEqual([
      ['csrf_token', 'the-token'],
      ['traits.email', 'a@example.com'],
      ['traits.site', 'https://example.com'],
      ['traits.phone', '+49 30 1'],
      ['traits.age', '4.5'],
      ['traits.born', '2001-02-03'],
      ['traits.seen', '2022-07-27T10:20:30.000Z'],
      ['traits.news', 'false'],
      ['traits.news', 'true'],
      ['traits.spam', 'false'],
      ['traits.untitled', 'free text'],
      ['method', 'profile'],
    ])
  })

  test('pictures, secrets and backup codes are shown, used codes as used', async () => {
    const codes = [messages.lookupSecret('aaaa1111'), messages.lookupSecretUsed(Date.parse('2022-07-27T12:00:00Z'))]
    const page = await show('settings', [
      csrf,
      imageNode('totp_qr', 'totp', PIXEL, 256, messages.totpQrCode()),
      textNode('totp_secret_key', 'totp', messages.totpSecret('JBSWY3DP'), messages.totpSecretLabel()),
      textNode('lookup_secret_codes', 'lookup_secret', messages.lookupSecrets(codes), messages.lookupSecretsLabel()),
      submitNode('lookup_secret_confirm', 'lookup_secret', 'true', messages.confirmLookupSecrets()),
    ])
    const picture = page.getByRole('img', { name: 'Authenticator app QR code' })
    expect(await picture.evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth)).toBe(1)
    await page.getByRole('region', { name: 'Authenticator app' }).getByText('JBSWY3DP').waitFor()
    const items = page.getByRole('region', { name: 'Backup recovery codes' }).getByRole('listitem')
    expect(await items.allTextContents()).toEqual(['aaaa1111', 'Secret was used at 2022-07-27 12:00:00 +0000 UTC'])
    expect(await press(page, 'Confirm backup recovery codes')).toEqual([
      ['csrf_token', 'the-token'],
      ['lookup_secret_confirm', 'true'],
      ['method', 'lookup_secret'],
    ])
  })

  test('text stays text, wherever it comes from', async () => {
    const markup = '<img src=x onerror="document.title = 1"><b>bold</b>'
    const field = inputNode('password', 'password', 'password', { value: markup, label: label(markup) })
    const page = await show(
      'login',
      [
        csrf,
        { ...field, messages: [messages.validation(markup)] },
        textNode('said', 'password', label(markup), label(markup)),
        submitNode('method', 'password', 'password', label(markup)),
      ],
      [messages.validation(markup)],
    )
    expect(await page.getByText(markup).count()).toBe(6)
    expect(await page.locator('b, img').count()).toBe(0)
    expect(await page.title()).toBe('Sign in · ory-mock')
  })

  test('each part of the settings is a form of its own, and says what is wrong with it', async () => {
    const wrong = inputNode('webauthn_remove', 'default', 'text')
    const page = await show('settings', [
      { ...wrong, messages: [messages.validation('unable to remove this security key')] },
      csrf,
      inputNode('password', 'password', 'password', { required: true, label: messages.passwordLabel() }),
      submitNode('method', 'password', 'password', messages.save()),
      submitNode('webauthn_remove', 'webauthn', 'abcd', label('Remove security key "blue"')),
    ])
    const keys = page.getByRole('region', { name: 'Security keys' })
    await keys.getByText('unable to remove this security key').waitFor()
    expect(await press(page, 'Remove security key "blue"')).toEqual([
      ['csrf_token', 'the-token'],
      ['webauthn_remove', 'abcd'],
      ['method', 'webauthn'],
    ])
  })

  test('a social provider or a security key needs neither identifier nor password filled in', async () => {
    const nodes = [
      csrf,
      submitNode('provider', 'oidc', 'acme', messages.signInWith('Acme')),
      inputNode('identifier', 'default', 'text', { value: '', required: true, label: messages.identifierLabel() }),
      submitNode('method', 'webauthn', 'webauthn', messages.signInWithSecurityKey()),
      inputNode('password', 'password', 'password', { required: true, label: messages.passwordLabel() }),
      submitNode('method', 'password', 'password', messages.signIn()),
    ]
    expect(await press(await show('login', nodes), 'Sign in with Acme')).toEqual([
      ['csrf_token', 'the-token'],
      ['provider', 'acme'],
      ['method', 'oidc'],
    ])
    const page = await show('login', nodes)
    await page.getByLabel('ID').fill('me@example.com')
    expect(await press(page, 'Sign in with security key')).toEqual([
      ['csrf_token', 'the-token'],
      ['identifier', 'me@example.com'],
      ['password', ''],
      ['method', 'webauthn'],
    ])
  })

  test('a security key button calls the function of the script, which is loaded with its integrity', async () => {
    const onclick = 'window.__oryWebAuthnLogin({"publicKey":{"challenge":"</script>\\u0041"}})'
    const page = await show('login', [
      csrf,
      inputNode('webauthn_login_trigger', 'webauthn', 'button', {
        value: '',
        onclick,
        label: messages.useSecurityKey(),
      }),
      inputNode('webauthn_login', 'webauthn', 'hidden', { value: '' }),
      scriptNode('webauthn_script', 'webauthn', { src: `${mock.url}/missing.js`, integrity: 'sha512-x', nonce: 'n' }),
    ])
    const script = page.locator('#webauthn_script')
    for (const [name, value] of [
      ['src', `${mock.url}/missing.js`],
      ['async', ''],
      ['integrity', 'sha512-x'],
      ['crossorigin', 'anonymous'],
      ['referrerpolicy', 'no-referrer'],
      ['type', 'text/javascript'],
    ] as const) {
      expect([name, await script.getAttribute(name)]).toEqual([name, value])
    }
    expect(await script.evaluate((element) => element.nonce)).toBe('n')
    const asked = await page.evaluate(() => {
      return new Promise((resolve) => {
        Object.assign(window, { __oryWebAuthnLogin: resolve })
        document.querySelector<HTMLElement>('[name="webauthn_login_trigger"]')?.click()
      })
    })
    expect(asked).toEqual({ publicKey: { challenge: '</script>A' } })
  })

  test('a button that carries any other script does not run it', async () => {
    const onclick = 'document.title = "run"'
    const page = await show('login', [
      csrf,
      inputNode('trigger', 'webauthn', 'button', { value: '', onclick, label: messages.useSecurityKey() }),
    ])
    await page.getByRole('button', { name: 'Use security key' }).click()
    await page.getByText('This button carries a script that the page does not run.').waitFor()
    expect(await page.title()).toBe('Sign in · ory-mock')
  })

  test('an account without a method for this step is told so', async () => {
    const page = await show('login', [csrf])
    await page.getByText('This account has no method set up that could be used here.').waitFor()
  })
})

const bodyOf = (request: Request): string => request.postData() ?? ''
