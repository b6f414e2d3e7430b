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
  /** A new page, in a profile without any cookie; the second one of a test is another browser. */
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
  const profiles = new Profiles()
  let failures: string[] = []

  beforeAll(() => profiles.start())
  afterEach(async () => {
    await profiles.endTest()
    const seen = failures
    failures = []
    expect(seen).toEqual([])
  })
  afterAll(() => profiles.end())

  const open = async (): Promise<Page> => {
    const page = await profiles.open()
    page.on('pageerror', (error) => failures.push(String(error)))
    page.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) failures.push(message.text())
    })
    return page
  }
  return { open }
}

/**
 * The profiles of a suite's tests. The first of every test is the same one, without its cookies and with a new page: what
 * Chromium has compiled for the page before is kept so, and a test takes half the time.
 */
class Profiles {
  #browser: Browser | undefined
  #first: BrowserContext | undefined
  #page: Page | undefined
  #others: BrowserContext[] = []
  #isFirstTaken = false

  async start(): Promise<void> {
    this.#browser = await launchBrowser()
    this.#first = await this.#browser.newContext()
  }

  async open(): Promise<Page> {
    const context = this.#isFirstTaken ? await this.#browser?.newContext() : this.#first
    if (!context) throw new Error('No page can be opened before the browser has started.')
    context.setDefaultTimeout(20_000)
    if (this.#isFirstTaken) {
      this.#others.push(context)
      return context.newPage()
    }
    this.#isFirstTaken = true
    await context.clearCookies()
    const before = this.#page
    this.#page = await context.newPage()
    await before?.close()
    return this.#page
  }

  async endTest(): Promise<void> {
    this.#isFirstTaken = false
    await Promise.all(this.#others.map((context) => context.close()))
    this.#others = []
  }

  async end(): Promise<void> {
    await this.#browser?.close()
  }
}

/** Starts the browser; whoever starts it closes it. @param more what it is told beside the usual */
export function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: PATH, args: [...ARGS, ...more] })
}
