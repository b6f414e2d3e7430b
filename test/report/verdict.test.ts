import { appendFileSync, copyFileSync, writeFileSync } from 'node:fs'
import { beforeAll, describe, expect, it, test } from 'vitest'
import type { Report } from '../../src/report/report.ts'
import { folderOf, journalOf, report, reportHere } from './journals.ts'

const folder = folderOf('verdict')

/** Three requests that break the contract, one of them twice, and one answer that does. */
beforeAll(async () => {
  await journalOf(folder.path('broken.jsonl'), async ({ url, world }) => {
    const send = (method: string, path: string, body: object) =>
      fetch(`${url}${path}`, {
        method,
        headers: { 'Content-Type': 'application/json', Authorization: 'Bearer any' },
        body: JSON.stringify(body),
      })
    await fetch(`${url}/admin/identities?per_page=many`, { headers: { Authorization: 'Bearer any' } })
    await fetch(`${url}/admin/identities?per_page=many`, { headers: { Authorization: 'Bearer any' } })
    await send('PUT', '/admin/relation-tuples', { namespace: 7, object: 'o', relation: 'r', subject_id: 's' })
    await send('POST', '/admin/identities', { traits: { email: 'ann@example.com' } })
    const [somebody] = world().identities.values()
    if (somebody) world().identities.save({ ...somebody, state: 'nowhere' as 'active' })
    await fetch(`${url}/admin/identities/${somebody?.id}`, { headers: { Authorization: 'Bearer any' } })
    await fetch(`${url}/health/alive`)
  })
})

const BROKEN = [
  ['adminListIdentities', 'request', 'query', '/per_page'],
  ['createRelationTuple', 'request', 'body', '/namespace'],
  ['adminCreateIdentity', 'request', 'body', '/schema_id'],
  ['adminGetIdentity', 'response', 'body', '/state'],
] as const

describe('a client with three violations, and a server with one wrong body, fail the build with exactly those four:', () => {
  const run = async (...args: readonly string[]) => {
    const { code, printed } = await report(folder.path('broken.jsonl'), ...args)
    expect(code).toBe(1)
    return printed
  }

  it('in the terminal', async () => {
    const printed = await run()
    const failed = printed.split('Failed: 4 reasons\n')[1]?.split('\n\n')[0]?.split('\n') ?? []
    expect(failed).toHaveLength(4)
    for (const [at, [operation, side, place, pointer]] of BROKEN.entries())
      expect(failed[at]).toContain(`${operation}: ${side} ${place} ${pointer}: `)
    expect(printed).toMatch(
      /broken\.jsonl:2, GET \/admin\/identities\?per_page=many \d+, sandbox default, seen 2 times/,
    )
  })

  it('in JSON', async () => {
    await run('--json', folder.path('broken.json'))
    const { passed, failures, violations } = JSON.parse(folder.read('broken.json')) as Report
    expect(passed).toBe(false)
    expect(failures).toHaveLength(4)
    expect(violations.map(({ operation, side, in: place, pointer }) => [operation, side, place, pointer])).toEqual(
      BROKEN,
    )
    expect(violations.map(({ calls }) => calls)).toEqual([2, 1, 1, 1])
  })

  it('in JUnit', async () => {
    await run('--junit', folder.path('broken.xml'))
    const messages = [...folder.read('broken.xml').matchAll(/<failure type="ory-mock" message="([^"]*)"/g)]
    expect(messages).toHaveLength(4)
    for (const [at, [, side, place, pointer]] of BROKEN.entries())
      expect(messages[at]?.[1]).toContain(`${side} ${place} ${pointer}: `)
  })

  it('in Markdown', async () => {
    await run('--markdown', folder.path('broken.md'))
    const failures = folder.read('broken.md').split('### Failures\n\n')[1]?.split('\n\n')[0]?.split('\n') ?? []
    expect(failures).toHaveLength(4)
    for (const [at, [operation]] of BROKEN.entries()) expect(failures[at]).toContain(`- ${operation}: `)
  })

  it('in HTML', async () => {
    await run('--html', folder.path('broken.html'))
    const failures = /<h2>Failures <small>4<\/small><\/h2><ul>(.*?)<\/ul>/s.exec(folder.read('broken.html'))?.[1] ?? ''
    const items = failures.split('</li>').slice(0, -1)
    expect(items).toHaveLength(4)
    for (const [at, [operation]] of BROKEN.entries()) expect(items[at]).toContain(operation)
  })
})

test.each([
  [['--fail-on', 'none'], 0, /Passed\./],
  [['--fail-on', 'unmatched'], 0, /Passed\./],
  [['--fail-on', 'unmatched,violations'], 1, /Failed: 4 reasons/],
  [['--fail-on', 'none', '--fail-under', '0.5'], 0, /Passed\./],
  [['--fail-on', 'none', '--fail-under', '60%'], 1, /[\d.]+ % covered is under 60 %/],
  [['--fail-on', 'uncovered=isAlive'], 0, /Passed\./],
  [['--fail-on', 'uncovered=isReady'], 1, /isReady: status 200 was never seen \(uncovered=isReady\)/],
  [['--fail-on', 'uncovered=isAlive:status=200'], 0, /Passed\./],
  [['--fail-on', 'uncovered=isAlive:status=500'], 1, /isAlive: status 500 was never seen/],
  [['--fail-on', 'uncovered=*IdentitySchema*:status'], 1, /Failed: [4-9] reasons/],
])('%j ends with %i', async (args, code, said) => {
  const result = await reportHere(folder.path('broken.jsonl'), ...args)
  expect(result.printed).toMatch(said)
  expect(result.code).toBe(code)
})

test.each([
  [
    ['--fail-on', 'violation'],
    /--fail-on does not know "violation"\. Write violations, unmatched, none, or uncovered=/,
  ],
  [['--fail-on', 'uncovered=toSesion'], /no operation is called "toSesion"\. "ory-mock operations" lists them\./],
  [
    ['--fail-on', 'uncovered=toSession:state'],
    /"state" is none of status, response-type, request-type, method, flow-state/,
  ],
  [['--fail-under', 'all'], /--fail-under takes a percentage from 0 to 100, not "all"\./],
  [['--operations', 'nothing*'], /--operations: no operation is called "nothing\*"\./],
  [['--html', '/no/such/folder/r.html'], /--html: \/no\/such\/folder\/r\.html cannot be written: ENOENT/],
  [['--hmtl', 'r.html'], /Unknown option '--hmtl'.*"ory-mock report --help" lists the options\./],
])('%j is refused in one sentence', async (args, said) => {
  const { code, printed } = await reportHere(folder.path('broken.jsonl'), ...args)
  expect(code).toBe(2)
  expect(printed).toMatch(said)
  expect(printed).not.toMatch(/\n {4}at /)
})

describe('a journal', () => {
  it.each([
    ['that is not there', () => 'nowhere.jsonl', /nowhere\.jsonl cannot be read: ENOENT/],
    [
      'that is something else',
      () => wrote('other.txt', 'hello\n'),
      /other\.txt:1 is no exchange of a journal\. Give files that "ory-mock --journal FILE"/,
    ],
    ['that holds other JSON', () => wrote('other.json', '{"a":1}\n'), /other\.json:1 is no exchange of a journal/],
    ['with a broken line in its middle', brokenInside, /inside\.jsonl:8 is no JSON of one line\./],
  ])('%s is refused with file and line', async (_, make, said) => {
    const { code, printed } = await reportHere(folder.path(make()))
    expect(printed).toMatch(said)
    expect(code).toBe(2)
  })

  it('whose last line a killed process did not finish is read up to there, and the report says so', async () => {
    copyFileSync(folder.path('broken.jsonl'), folder.path('cut.jsonl'))
    appendFileSync(folder.path('cut.jsonl'), '{"id":99,"sandb')
    const { code, printed } = await reportHere(folder.path('cut.jsonl'), '--fail-on', 'none')
    expect(printed).toMatch(/cut\.jsonl:8 is cut off and left out: the process that wrote it was killed\./)
    expect(printed).toMatch(/by 6 calls in 1 journal/)
    expect(code).toBe(0)
  })

  it('has to be named', async () => {
    const { code, printed } = await report()
    expect(printed).toMatch(/Which journals\?/)
    expect(code).toBe(2)
  })

  function wrote(file: string, text: string): string {
    writeFileSync(folder.path(file), text)
    return file
  }

  function brokenInside(): string {
    copyFileSync(folder.path('broken.jsonl'), folder.path('inside.jsonl'))
    appendFileSync(folder.path('inside.jsonl'), '{"id":99,"sandb\n')
    appendFileSync(folder.path('inside.jsonl'), folder.read('broken.jsonl'))
    return 'inside.jsonl'
  }
})
