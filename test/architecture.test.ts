import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

/* How the house is built: who may know whom, and how large a room may be. */

const ROOT = fileURLToPath(new URL('..', import.meta.url))

interface SourceFile {
  /** From the root of the repository, with slashes. */
  readonly path: string
  readonly text: string
  readonly lines: number
  /** The files of the repository that it imports. */
  readonly imports: readonly string[]
  /** The packages and Node modules that it imports. */
  readonly packages: readonly string[]
}

const read = (folder: string): SourceFile[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map(readSource)

function readSource(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8')
  const named = [...text.matchAll(/^(?:import |export |\} )(?:.* )?(?:from )?'([^']+)'$/gm)].map(
    ([, name = '']) => name,
  )
  const relative = named.filter((name) => name.startsWith('.'))
  return {
    path,
    text,
    lines: text.split('\n').length - 1,
    imports: relative.map((name) => normalize(join(dirname(path), name)).replaceAll('\\', '/')),
    packages: named.filter((name) => !name.startsWith('.')),
  }
}

const src = read('src')
const tests = read('test')

/** `src/flows/login.ts` is of `flows`, `src/app.ts` of itself. */
const areaOf = (path: string): string => /^src\/([^/ ]+)/.exec(path)?.[1] ?? ''

/** The imports from one of the areas to one of the others, as `from → to`. */
const edges = (from: readonly string[], to: (target: string) => boolean): string[] =>
  src
    .filter(({ path }) => from.includes(areaOf(path)))
    .flatMap(({ path, imports }) => imports.filter(to).map((target) => `${path} → ${target}`))

const DOMAINS = ['flows', 'sessions', 'identities', 'permissions', 'projects', 'courier', 'oidc']
const PLATFORM = [
  'contract',
  'simulation',
  'verdict',
  'report',
  'verify',
  'pipeline',
  'cli',
  'ui',
  'test-api',
  'proxy',
  'verify',
  'app.ts',
  'create-mock.ts',
  'mock.ts',
]

/** Which domains a domain may know. Those that are not named know none. */
const NEIGHBOURS: Readonly<Record<string, readonly string[]>> = {
  flows: ['sessions', 'identities', 'courier', 'oidc'],
  sessions: ['identities'],
  projects: ['identities'],
}

describe('who may import whom', () => {
  it('the imports are read', () => {
    expect(src.flatMap(({ imports }) => imports).length).toBeGreaterThan(600)
    const files = new Set(src.map(({ path }) => path))
    const lost = src.flatMap(({ imports }) => imports.filter((path) => path.startsWith('src/') && !files.has(path)))
    expect(lost).toEqual([])
  })

  it('domains know neither contract, simulation, pipeline, pages nor command line', () => {
    expect(edges(DOMAINS, (target) => PLATFORM.includes(areaOf(target)))).toEqual([])
  })

  it.each(DOMAINS)('%s knows no domain but those that it stands on', (domain) => {
    const known = [domain, ...(NEIGHBOURS[domain] ?? [])]
    const strange = (target: string) => DOMAINS.includes(areaOf(target)) && !known.includes(areaOf(target))
    expect(edges([domain], strange)).toEqual([])
  })

  it('what is remembered knows nothing but JSON and the types of the configuration', () => {
    const known = ['state', 'config', 'json.ts']
    expect(edges(['state'], (target) => !known.includes(areaOf(target)))).toEqual([])
  })

  it('the catalogue of errors knows nothing but JSON and cookies', () => {
    const errors = src.find(({ path }) => path === 'src/errors.ts')
    expect(errors?.imports).toEqual(['src/http/reply.ts', 'src/json.ts'])
  })

  it('the configuration and the contract know no domain, and no request', () => {
    const known = (target: string) =>
      ['config', 'contract', 'state', 'json.ts'].includes(areaOf(target)) ||
      target.startsWith('src/identities/json-schema/')
    expect(edges(['config', 'contract'], (target) => !known(target))).toEqual([])
  })

  it('the contract is known to the pipeline, to what puts a server together, and to what measures by it', () => {
    const outside = src
      .map(({ path }) => areaOf(path))
      .filter((area) => !['contract', 'pipeline', 'proxy', 'report', 'cli'].includes(area))
    const joins = ['create-mock.ts', 'mock.ts', 'app.ts']
    const importing = edges([...new Set(outside)], (target) => areaOf(target) === 'contract')
    expect(importing.filter((edge) => !joins.includes(areaOf(edge)))).toEqual([])
  })

  it('HTTP knows no domain', () => {
    const known = ['http', 'state', 'config', 'errors.ts', 'json.ts']
    expect(edges(['http'], (target) => !known.includes(areaOf(target)))).toEqual([])
  })

  it('nobody knows the command line', () => {
    const others = [...new Set(src.map(({ path }) => areaOf(path)))].filter((area) => !['cli', 'cli.ts'].includes(area))
    expect(edges(others, (target) => areaOf(target).startsWith('cli'))).toEqual([])
  })

  it('a file of operations imports no other file of operations', () => {
    const hasOperations = ({ text }: SourceFile) => /^export const \w+Operations\b/m.test(text)
    const operationFiles = src.filter(hasOperations).map(({ path }) => path)
    // the lists of a domain and of all domains
    const lists = ['src/operations.ts', 'src/permissions/operations.ts']
    const importing = src
      .filter((file) => operationFiles.includes(file.path) && !lists.includes(file.path))
      .flatMap(({ path, imports }) =>
        imports.filter((target) => operationFiles.includes(target)).map((target) => `${path} → ${target}`),
      )
    expect(operationFiles.length).toBeGreaterThan(10)
    expect(importing).toEqual([])
  })

  it('Express is known where apps are made and where they listen', () => {
    const importing = src.filter(({ packages }) => packages.includes('express')).map(({ path }) => path)
    expect(importing).toEqual(['src/app.ts', 'src/http/listen.ts', 'src/proxy/app.ts', 'src/simulation/mail-app.ts'])
  })

  it('nothing but tests imports tests', () => {
    expect(src.filter(({ imports }) => imports.some((target) => target.startsWith('test/')))).toEqual([])
  })
})

/** Tables of data, which may be longer: one subject each, and no code. */
const TABLES = new Set([
  'src/config/config-schema.ts',
  'src/errors.ts',
  'src/state/records.ts',
  'test/config/effects-table.ts',
  'test/contract/evidence.ts',
])

describe('how large a file may be', () => {
  it.each([
    ['code', 300, src],
    ['tests', 300, tests],
  ])('%s: at most %d lines, but for tables of data', (_, most, files) => {
    const long = files.filter(({ path, lines }) => lines > most && !TABLES.has(path))
    expect(long.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([])
  })

  it('every table that is excused is there', () => {
    const all = [...src, ...tests].map(({ path }) => path)
    expect([...TABLES].filter((path) => !all.includes(path))).toEqual([])
  })
})

describe('names', () => {
  it('no file is called after nothing: utils, helpers, common, misc', () => {
    const named = [...src, ...tests].filter(({ path }) =>
      /(^|[-/])(utils?|helpers?|common|misc|shared)([-./]|$)/.test(path),
    )
    expect(named.map(({ path }) => path)).toEqual([])
  })

  it('files are named in kebab-case', () => {
    const odd = [...src, ...tests].filter(
      ({ path }) => !/^[a-z0-9-]+(\.(test|spec|cy|config))?\.ts$/.test(path.split('/').at(-1) ?? ''),
    )
    expect(odd.map(({ path }) => path)).toEqual([])
  })
})

describe('state', () => {
  it('nothing at module level can be assigned again', () => {
    const assigned = src.filter(({ text }) => /^(export )?(let|var)\b/m.test(text))
    expect(assigned.map(({ path }) => path)).toEqual([])
  })

  it('no collection at module level waits to be filled, but what is kept for as long as its key lives', () => {
    // a WeakMap keeps what follows from its key alone, so that nobody can tell whether it was kept
    const filled =
      /^(?:export )?const \w+(?:: (?!Readonly|readonly)[^=]+)? = (?:new (?:Map|Set)(?:<[^(]*>)?\(\)|\[\]|\{\})$/m
    expect(src.filter(({ text }) => filled.test(text)).map(({ path }) => path)).toEqual([])
  })

  it('time and chance are asked for in few places; everything else asks its world', () => {
    const clocks = src.filter(({ text }) => /\bDate\.now\(\)|\bnew Date\(\)/.test(text)).map(({ path }) => path)
    const random = src
      .filter(({ text }) => /\bMath\.random\(|\brandomUUID\(|\brandomBytes\(/.test(text))
      .map(({ path }) => path)
    const isDomain = (path: string) => DOMAINS.includes(areaOf(path))
    expect(clocks.filter(isDomain)).toEqual([])
    expect(random.filter((path) => path !== 'src/state/chance.ts')).toEqual([])
  })
})
