import { fileURLToPath } from 'node:url'
import type { Problem } from '../config/problem.ts'
import { readSource, type SourceText } from '../config/source-text.ts'
import { type Dialect, loadDocument, OVERLAYS, overlayFile, PUBLISHED, SPEC } from './document.ts'
import { OverlayError } from './overlay.ts'

/**
 * Checks the specification and its overlays: that they are JSON, that every action has a reason and applies, and that
 * what comes out is valid OpenAPI. It takes half a second, so that only `ory-mock check` and a test do it; a server that
 * starts only parses.
 */
export async function checkDocument(folder = SPEC): Promise<readonly Problem[]> {
  const names = [PUBLISHED, ...new Set(Object.values(OVERLAYS).flat().map(overlayFile))]
  const sources = new Map(names.map((name) => [name, readSource(fileURLToPath(new URL(name, folder)))]))
  const unreadable = [...sources.values()].flatMap((source) => source.problems)
  if (unreadable.length > 0) return unreadable
  const problems: Problem[] = []
  for (const dialect of Object.keys(OVERLAYS) as Dialect[]) {
    const found = await checkDialect(dialect, folder, sources)
    // The dialects share overlays, and so their problems.
    problems.push(...found.filter(({ message }) => !problems.some((known) => known.message === message)))
  }
  return problems
}

async function checkDialect(
  dialect: Dialect,
  folder: URL,
  sources: ReadonlyMap<string, SourceText>,
): Promise<readonly Problem[]> {
  try {
    const { default: SwaggerParser } = await import('@apidevtools/swagger-parser')
    // A copy: it replaces references in the document that it is given.
    await SwaggerParser.validate(structuredClone(loadDocument(dialect, folder)) as never)
    return []
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (error instanceof OverlayError) {
      const problem: Problem = { pointer: `/actions/${error.action}`, message, hint: error.hint }
      return sources.get(overlayFile(error.overlay))?.locate([problem]) ?? [problem]
    }
    const problem: Problem = { pointer: '', message: `with the overlays of the dialect ${dialect}: ${message}` }
    return sources.get(PUBLISHED)?.locate([problem]) ?? [problem]
  }
}
