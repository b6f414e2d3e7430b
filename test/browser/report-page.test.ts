import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { demonstrate } from '../report/demonstration.ts'
import { folderOf, journalOf, report } from '../report/journals.ts'
import { describeInBrowser } from '../support/browser.ts'

describeInBrowser('the page of a report', ({ open }) => {
  const folder = folderOf('page')

  beforeAll(async () => {
    await journalOf(folder.path('page.jsonl'), ({ url }) => demonstrate(url))
    // as somebody may send it who does not encode addresses
    const journal = folder.read('page.jsonl').replaceAll('/session/whoami', '/session/<img src=x onerror=alert(1)>')
    writeFileSync(folder.path('page.jsonl'), journal)
    await report(folder.path('page.jsonl'), '--html', folder.path('page.html'))
  })

  const address = () => pathToFileURL(folder.path('page.html')).href

  test('opens from a file, asks for nothing from anywhere, and shows what was and was never exercised', async () => {
    const page = await open()
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.goto(address())
    await page.getByText('8 of 61 operations').waitFor()
    await page.getByText('toSession', { exact: true }).click()
    const row = page.locator('details', { hasText: 'toSession' }).getByRole('row', { name: /^status/ })
    expect(await row.textContent()).toMatch(/200 1× 400 never 401 1× 403 never/)
    expect(asked).toEqual([address()])
  })

  test('is searched by words: of operation, route, status, parameter', async () => {
    const page = await open()
    await page.goto(address())
    const shown = () => page.locator('details:visible summary code').allInnerTexts()
    await page.getByLabel('Search').fill('tosession')
    expect(await shown()).toEqual(['toSession'])
    await page.getByLabel('Search').fill('identities 409')
    expect(await shown()).toEqual(['adminCreateIdentity', 'adminUpdateIdentity', 'adminPatchIdentity'])
    await page.getByLabel('Search').fill('no such thing')
    expect(await shown()).toEqual([])
    await page.getByText('Nothing here says that.').waitFor()
    await page.getByLabel('Search').fill('')
    expect(await shown()).toHaveLength(61)
  })

  test('shows what a client sent, and does not run it', async () => {
    const page = await open()
    await page.goto(address())
    await page.getByText('img src=x onerror=alert').waitFor()
    expect(await page.locator('img').count()).toBe(0)
  })

  test.each(['light', 'dark'] as const)('can be read in the %s', async (colorScheme) => {
    const page = await open()
    await page.emulateMedia({ colorScheme })
    await page.goto(address())
    const [ink, paper] = await page.evaluate(() => {
      const { color, backgroundColor } = getComputedStyle(document.body)
      return [color, backgroundColor].map((each) => (each.match(/\d+/g) ?? []).slice(0, 3).map(Number))
    })
    const brightness = (rgb: readonly number[] = []) => rgb.reduce((sum, each) => sum + each, 0) / 3
    expect(Math.abs(brightness(ink) - brightness(paper))).toBeGreaterThan(150)
    expect(brightness(paper) > 128).toBe(colorScheme === 'light')
  })
})
