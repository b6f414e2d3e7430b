import { afterEach, beforeEach, expect, test } from 'vitest'
import { createOryMock } from '../../src/test-api/create-ory-mock.ts'
import type { OryMock } from '../../src/test-api/ory-mock.ts'
import { describeInBrowser } from '../support/browser.ts'
import { type RunningProxy, startProxy } from '../support/running-proxy.ts'
import { enterCode, seesWelcome, signIn, signUpOutAndIn } from './people.ts'

describeInBrowser('through the proxy', ({ open }) => {
  let mock: OryMock
  let proxy: RunningProxy

  beforeEach(async () => {
    mock = await createOryMock({ fixture: 'team', clock: '2022-07-27T12:00:00Z' })
    proxy = await startProxy(mock.url, { dialect: 'spec' })
  })
  afterEach(async () => {
    const broken = proxy.journal().filter((entry) => entry.violations.length > 0)
    await proxy.close()
    await mock.close()
    expect(proxy.failures).toEqual([])
    expect(broken).toEqual([])
  })

  test('a person signs up, signs out and signs in, and never leaves it', async () => {
    const page = await open()
    const elsewhere: string[] = []
    page.on('request', (request) => {
      if (!request.url().startsWith(proxy.url)) elsewhere.push(request.url())
    })
    await signUpOutAndIn(page, proxy.url, 'new@example.com')
    expect(elsewhere).toEqual([])
    const called = proxy.journal().map(({ operation }) => operation)
    expect(called).toContain('submitSelfServiceRegistrationFlow')
    expect(called).toContain('submitSelfServiceLoginFlow')
  })

  test('a person proves a second factor', async () => {
    const page = await open()
    await page.goto(`${proxy.url}/ui/login`)
    await signIn(page, 'two-factor@example.com')
    await enterCode(page, mock)
    await seesWelcome(page, 'two-factor@example.com')
    expect(page.url().startsWith(proxy.url)).toBe(true)
  })
})
