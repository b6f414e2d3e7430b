import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emptyFolder, filesIn, layOut, outcome, type Packed, pack, ROOT } from './packed.ts'

/* The package as it is published: what it contains, and what a compiler and a test runner see of it. */

const folder = emptyFolder()
let packed: Packed

beforeAll(async () => {
  packed = await pack(folder.path)
  layOut(packed, folder.path)
  writeFileSync(join(folder.path, 'package.json'), '{ "type": "module", "private": true }')
})
afterAll(() => folder.remove())

const ours = (...folders: readonly string[]): string[] =>
  folders.flatMap((name) => filesIn(join(ROOT, name)).map((path) => `${name}/${path}`))

describe('the packed package', () => {
  test('contains the built sources, the documents that they read, and what a reader needs', () => {
    const sources = ours('src')
    const built = sources
      .filter((path) => path.endsWith('.ts'))
      .flatMap((path) => ['.js', '.d.ts'].map((ending) => path.replace(/^src/, 'dist').replace(/\.ts$/, ending)))
    const assets = sources
      .filter((path) => path.startsWith('src/ui/assets'))
      .map((path) => path.replace(/^src/, 'dist'))
    const data = ours('spec', 'fixtures', 'scenarios')
    const read = ['README.md', 'LICENSE', 'CHANGELOG.md', 'package.json']
    expect([...packed.paths].sort()).toEqual([...built, ...assets, ...data, ...read].sort())
  })

  test('has every file that it names', () => {
    const { bin, exports, types } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >
    const named = JSON.stringify({ bin, exports, types }).match(/\.\/[^"]+\.(js|ts|json)(?=")/g) ?? []
    expect(named.length).toBeGreaterThan(7)
    expect(named.filter((path) => !packed.paths.includes(path.slice(2)))).toEqual([])
  })

  test('imports no package that it does not bring, but for the runners it is asked for', () => {
    const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      dependencies: object
      peerDependencies: object
    }
    const declared = Object.keys({ ...dependencies, ...peerDependencies })
    const imported = packed.paths
      .filter((path) => path.startsWith('dist/') && /(?<!\.d)\.(js|ts)$/.test(path) && !path.includes('/assets/'))
      .flatMap((path) => [
        ...readFileSync(join(packed.repository, path), 'utf8').matchAll(
          /^(?:(?:import|export|\}) .*)?(?:from |import\()'([^'.][^']*)'/gm,
        ),
      ])
      .map(([, name = '']) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name)
      .filter((name) => !name.startsWith('node:'))
    expect([...new Set(imported)].filter((name) => !declared.includes(name))).toEqual([])
    expect(imported).toContain('express')
  })
})

/** What a user of the package writes: with what compiles, and with what must not. */
const USERS = readFileSync(join(ROOT, 'test/test-api/exact-types.ts'), 'utf8').replace('../../src/index.ts', 'ory-mock')

describe.each(['nodenext', 'bundler'])('the declarations, by moduleResolution %s', (moduleResolution) => {
  const compile = async (name: string, source: string) => {
    const project = join(folder.path, moduleResolution)
    mkdirSync(project, { recursive: true })
    writeFileSync(join(project, 'user.ts'), source)
    const module = moduleResolution === 'nodenext' ? 'nodenext' : 'esnext'
    const compilerOptions = { module, moduleResolution, target: 'es2022', types: [], strict: true, noEmit: true }
    writeFileSync(
      join(project, name),
      JSON.stringify({ compilerOptions: { ...compilerOptions, exactOptionalPropertyTypes: true }, files: ['user.ts'] }),
    )
    return outcome(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', name], { cwd: project })
  }

  test('compile without any other types, and refuse what is misspelt', async () => {
    expect(await compile('tsconfig.json', USERS)).toEqual({ code: 0, printed: '' })
  })

  test('the mistakes are mistakes', async () => {
    const { printed } = await compile('tsconfig.wrong.json', USERS.replaceAll('@ts-expect-error', ''))
    const mistakes = USERS.match(/@ts-expect-error:/g) ?? []
    expect(mistakes.length).toBeGreaterThan(15)
    expect(printed.match(/^user\.ts\(/gm)).toHaveLength(mistakes.length)
  })
})
