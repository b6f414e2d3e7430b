import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

/*
 * Tests in a real browser: Debian's chromium, or the one that CHROMIUM_PATH names. Without one they are skipped and say
 * so; with REQUIRE_ALL=1 they fail.
 */

const PATH = process.env['CHROMIUM_PATH'] || '/usr/bin/chromium'
const MISSING = `no Chromium at ${PATH}: install one, or name it in CHROMIUM_PATH`

/** Chromium looks for Google's hosts unless it is told not to; without a GPU and as root it needs the first two. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** What the tests of one suite browse with. */
export interface Browsing {
  /** A new page, in a profile of its own without any cookie. */
  readonly open: () => Promise<Page>
}

/** A suite that needs a browser. It fails a test whose pages threw an error or broke their content policy. */
export function describeInBrowser(title: string, suite: (browsing: Browsing) => void): void {
  if (existsSync(PATH)) {
    describe(title, () => suite(startBrowsing()))
  } else if (process.env['REQUIRE_ALL'] === '1') {
    describe(title, () => test('needs a browser', () => expect.fail(MISSING)))
  } else {
    process.stderr.write(`Skipped: ${title} (${MISSING})\n`)
    describe.skip(`${title} (${MISSING})`, () => suite(startBrowsing()))
  }
}

function startBrowsing(): Browsing {
  let browser: Browser
  let contexts: BrowserContext[] = []
  let failures: string[] = []

  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()))
    const seen = failures
    contexts = []
    failures = []
    expect(seen).toEqual([])
  })
  afterAll(async () => {
    await browser.close()
  })

  const open = async (): Promise<Page> => {
    const context = await browser.newContext()
    context.setDefaultTimeout(10_000)
    contexts.push(context)
    const page = await context.newPage()
    page.on('pageerror', (error) => failures.push(String(error)))
    page.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) failures.push(message.text())
    })
    return page
  }
  return { open }
}

/** Starts the browser; whoever starts it closes it. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: PATH, args: ARGS })
}
